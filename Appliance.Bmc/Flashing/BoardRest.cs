using Appliance.Bmc.Board;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Events;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Flashing;

/// <summary>Gives the board time between two flashes and looks whether it has survived the last: daemons in the field run out of memory after a few.</summary>
internal sealed class BoardRest(PatientBoard board, FlashNews news, IOptions<FlashOptions> options, TimeProvider clock)
{
    public int MaxAttempts => options.Value.MaxAttempts;

    /// <summary>Ends when the board answers; throws when it does not.</summary>
    public async Task RestAsync(CancellationToken token)
    {
        await Task.Delay(options.Value.RestTime, clock, token);
        var begun = clock.GetTimestamp();
        TransferStatus status;
        try
        {
            status = await board.AskAsync((asked, each) => asked.GetTransferAsync(each), token);
        }
        catch (ApplianceException error)
        {
            throw new FlashFaultException(FlashFault.Lost, $"The board does not answer for {clock.GetElapsedTime(begun).TotalSeconds:0} s: {error.Message}");
        }

        // It remembers the end of its last transfer until its daemon ends.
        if (status.Phase == TransferPhase.Ready)
        {
            news.Tell(EventSeverity.Warning, "The board's daemon was restarted during or after a flash; it answers again, and the flash goes on.");
        }
    }
}
