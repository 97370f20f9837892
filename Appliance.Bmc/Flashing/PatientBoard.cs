using Appliance.Bmc.Board;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Flashing;

/// <summary>Asks a board that may be between two lives of its daemon, for as long as a flash is patient. Only for what may be asked twice.</summary>
internal sealed class PatientBoard(IBoard board, IOptions<FlashOptions> options, TimeProvider clock)
{
    public async Task<T> AskAsync<T>(Func<IBoard, CancellationToken, Task<T>> call, CancellationToken token)
    {
        var begun = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return await call(board, token);
            }
            catch (Exception error) when (IsPassing(error) && clock.GetElapsedTime(begun) < options.Value.BoardTime)
            {
                await PauseAsync(token);
            }
        }
    }

    /// <summary>As long as between two questions.</summary>
    public Task PauseAsync(CancellationToken token) => Task.Delay(options.Value.PollInterval, clock, token);

    public Task OrderAsync(Func<IBoard, CancellationToken, Task> call, CancellationToken token) => AskAsync(
        async (asked, each) =>
        {
            await call(asked, each);
            return true;
        },
        token);

    // What is refused in words stays refused.
    private static bool IsPassing(Exception error) => error is UnreachableException or LimitExceededException or BusyException { Reason: "OUTCOME_UNKNOWN" or BoardLine.Uploading };
}
