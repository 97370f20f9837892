using Appliance.Logger.Dashboard.Words;
using Grpc.Core;

namespace Appliance.Logger.Dashboard.Actions;

/// <summary>Carries out a call for a person and says how it went.</summary>
internal static class ActionCall
{
    /// <summary>A person waits: longer than this is no answer.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(8);

    // The gRPC client counts deadlines on the system's clock.
    public static DateTime End => TimeProvider.System.GetUtcNow().UtcDateTime + Deadline;

    public static async Task<ActionOutcome> RunAsync(string role, string done, Func<Task> call)
    {
        try
        {
            await call();
            return new ActionOutcome(true, done);
        }
        catch (RpcException error)
        {
            return new ActionOutcome(false, Describe(role, error));
        }
    }

    private static string Describe(string role, RpcException error) => error.StatusCode switch
    {
        StatusCode.Unavailable or StatusCode.DeadlineExceeded => $"The {role} does not answer, so this could not be done. Try again when it is up.",
        StatusCode.PermissionDenied => $"The {role} refused: this account may not do that.",
        StatusCode.Unauthenticated => "Your right to act has ended. Log out and in again to act.",
        _ => $"The {role} refused: {PlainText.Sentence(error.Status.Detail)}",
    };
}
