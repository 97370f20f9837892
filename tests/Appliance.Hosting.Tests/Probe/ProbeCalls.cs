using System.Collections.Concurrent;
using Appliance.Hosting.Identity;
using Grpc.Core;

namespace Appliance.Hosting.Tests.Probe;

/// <summary>What a test's services saw, and what they do with a call.</summary>
internal sealed class ProbeCalls
{
    public ConcurrentQueue<PeerIdentity> Callers { get; } = new();

    public ConcurrentQueue<ulong?> Cursors { get; } = new();

    public Func<ServerCallContext, Task> OnCall { get; set; } = _ => Task.CompletedTask;
}
