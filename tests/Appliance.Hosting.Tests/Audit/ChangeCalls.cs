using Grpc.Core;

namespace Appliance.Hosting.Tests.Audit;

/// <summary>What a test's services do with a change, and what they saw.</summary>
internal sealed class ChangeCalls
{
    public Func<ServerCallContext, Task> OnChange { get; set; } = _ => Task.CompletedTask;

    public bool ReadsUpload { get; set; } = true;

    /// <summary>The last subject in the log at the moment the service had read the first message.</summary>
    public string? SubjectSeen { get; set; }
}
