using Appliance.Bmc.Board;
using Appliance.Bmc.Slots;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Events;

namespace Appliance.Bmc.Flashing;

/// <summary>The two ends of a job: taking up one that an earlier life of this program left, and closing it with its result.</summary>
internal sealed class FlashResume(FlashJournal journal, SlotGuard guard, SlotMarks marks, FlashNews news, TimeProvider clock)
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(2);

    /// <summary>Keeps the slots from other orders; throws who has one of them.</summary>
    public FlashHold Take(FlashOrder order, string caller) => Take(
        order.Slots.Select(slot => new SlotOrder(slot, caller) { AllowCritical = order.AllowCritical, CallerRoles = order.CallerRoles }));

    /// <summary>Takes up the job that was not done when this program ended, and says so.</summary>
    public async Task<FlashHold> TakeUpAsync(CancellationToken token)
    {
        var flash = journal.Active!;
        var note = flash.State switch
        {
            FlashState.Writing or FlashState.Verifying =>
                $"This program ended while slot {flash.Slot} was {(flash.State == FlashState.Writing ? "written" : "read back")}; the slot begins again from zero.",
            FlashState.Restarting or FlashState.Proving or FlashState.Enrolling or FlashState.Starting => $"This program ended when slot {flash.Slot} was written and read back; the proof that it runs the image is waited for again.",
            _ => "This program ended before the next slot was begun; the flash goes on.",
        };
        journal.Change(job => job with { Note = note });
        news.TellResumed(flash, $"Flash {flash.Id}: {note}");

        // That guarded slots may be flashed was decided when it was accepted.
        var left = flash.Results.Where(result => !result.HasEnded).Select(result => new SlotOrder(SlotNumber.All[result.Number - 1], flash.Caller) { AllowCritical = true }).ToList();
        while (true)
        {
            try
            {
                return Take(left);
            }
            catch (BusyException)
            {
                await Task.Delay(BetweenTries, clock, token);
            }
        }
    }

    /// <summary>Closes the job; slots that did not get their turn are left as they are.</summary>
    public void End(bool cancelled, string failure)
    {
        var flash = journal.Change(job => job with
        {
            State = cancelled ? FlashState.Cancelled : failure.Length == 0 && job.Results.All(result => result.State == FlashState.Succeeded) ? FlashState.Succeeded : FlashState.Failed,
            Failure = cancelled ? "" : failure.Length > 0 ? failure : Failures(job),
            EndTime = clock.GetUtcNow(),
        });
        news.Tell(flash.State == FlashState.Failed ? EventSeverity.Warning : EventSeverity.Info, $"Flash {flash.Id} by {flash.Caller} ended: {flash.State}. {flash.Failure}".TrimEnd());
    }

    /// <summary>Writes down which node each slot is made; what its node file holds is told nowhere.</summary>
    public void TellNodeFiles(Flash flash)
    {
        foreach (var result in flash.Results.Where(result => result.Node.Length > 0))
        {
            news.TellNodeFile(flash, result);
        }
    }

    private FlashHold Take(IEnumerable<SlotOrder> slots)
    {
        Dictionary<SlotNumber, IDisposable> taken = [];
        try
        {
            foreach (var slot in slots)
            {
                taken[slot.Slot] = guard.EnterToCut(slot, "flash");
            }

            return new FlashHold(taken, marks);
        }
        catch
        {
            new FlashHold(taken, marks).Dispose();
            throw;
        }
    }

    private static string Failures(Flash flash)
    {
        var failed = flash.Results.Where(result => result.State == FlashState.Failed).Select(result => $"Slot {result.Number}: {result.Failure}");
        var left = flash.Results.Where(result => result.State == FlashState.Preparing).Select(result => result.Number).ToList();
        return string.Join(' ', left.Count == 0 ? failed : failed.Append($"Not begun: slot {string.Join(", ", left)}."));
    }
}
