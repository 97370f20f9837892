using Appliance.Bmc.Board;
using Appliance.Bmc.Slots;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Events;

namespace Appliance.Bmc.Recovery;

/// <summary>Keeps the journal of the ladder, and says what is written in it.</summary>
internal sealed class RecoveryLedger(RecoveryJournal journal, SlotMarks marks, RecoveryNews news, TimeProvider clock)
{
    private readonly string[] _texts = [.. SlotNumber.All.Select(_ => "")];

    public RecoveryNews News => news;

    /// <summary>True while a step may still help some slot.</summary>
    public bool HasOpenStep => SlotNumber.All.Any(slot => journal.Of(slot) is { Open: not null, Quarantine: null });

    /// <summary>What the ladder made of the slot at the last look.</summary>
    public string TextOf(SlotNumber slot) => Volatile.Read(ref _texts[slot.Index]);

    public void Note(SlotNumber slot, string text) => Volatile.Write(ref _texts[slot.Index], text);

    public void NoteStart(SlotNumber slot) => marks.NoteStart(slot);

    /// <summary>Sets aside again what was so before this role started.</summary>
    public void Restore()
    {
        foreach (var slot in SlotNumber.All)
        {
            if (journal.Of(slot).Quarantine is { } quarantine)
            {
                marks.Quarantine(slot, TextOf(quarantine));
            }
        }

        if (journal.Fault is { } fault)
        {
            news.Tell(EventSeverity.Error, fault);
        }

        Report();
    }

    public LadderDecision Decide(Ladder ladder, Patient patient) => ladder.Decide(patient, journal.Of(patient.Slot.Number), journal.Policy, clock.GetUtcNow());

    /// <summary>Writes down that a step, an illness, or all hope is over.</summary>
    public void Settle(Patient patient, LadderDecision decision)
    {
        var slot = patient.Slot.Number;
        switch (decision.Move)
        {
            case LadderMove.EndStep:
                var helped = patient.WellSince is not null;
                var rung = journal.Of(slot).Open!.Rung;
                EndStep(slot, decision.Text);
                news.Tell(helped ? EventSeverity.Info : EventSeverity.Warning, $"Slot {slot}: {RungWords.Of(rung)}: {decision.Text}.");
                break;
            case LadderMove.EndEpisode:
                journal.Change(slot, recovery => recovery with { EpisodeStart = clock.GetUtcNow() });
                news.Tell(EventSeverity.Info, $"Slot {slot} has recovered: {decision.Text}.");
                break;
            default:
                news.Quarantine(slot, decision.Text);
                var note = new QuarantineNote(clock.GetUtcNow(), decision.Text);
                journal.Change(slot, recovery => recovery with { Quarantine = note });
                marks.Quarantine(slot, TextOf(note));
                Report();
                break;
        }
    }

    /// <summary>Written down, and on disk, before it is done: a step that kills this role must not be forgotten and taken again.</summary>
    public void Begin(SlotNumber slot, LadderDecision decision)
    {
        news.Step(slot, decision.Rung, decision.Text);
        journal.Change(slot, recovery => recovery.Add(new RecoveryStep(clock.GetUtcNow(), decision.Rung, decision.Text)));
    }

    /// <summary>Notes that it has been carried out.</summary>
    public void Done(SlotNumber slot) => journal.Change(slot, recovery => recovery.DoneStep(clock.GetUtcNow()));

    public void EndStep(SlotNumber slot, string outcome) => journal.Change(slot, recovery => recovery.EndStep(clock.GetUtcNow(), outcome));

    public void TellFailure(SlotNumber slot, string what, string failure)
    {
        if (failure.Length > 0)
        {
            news.Tell(EventSeverity.Warning, $"Slot {slot}: {what} failed: {failure}");
        }
    }

    /// <summary>Lifts a quarantine; the ladder begins anew, with all steps of a day.</summary>
    public void Release(SlotNumber slot)
    {
        if (journal.Of(slot).Quarantine is null)
        {
            throw new BusyException("NOT_QUARANTINED", $"Slot {slot} is not quarantined, so there is nothing to release.");
        }

        journal.Change(slot, recovery => new SlotRecovery(recovery.Slot) { EpisodeStart = clock.GetUtcNow() });
        marks.Release(slot);
        Report();
    }

    /// <summary>Takes another policy, or throws that it was changed meanwhile.</summary>
    public void Update(RecoveryPolicy policy, string etag)
    {
        journal.Update(policy, etag);
        Report();
    }

    private static string TextOf(QuarantineNote quarantine) => $"Quarantined since {quarantine.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z: {quarantine.Reason}.";

    private void Report() => news.Report(
        [.. SlotNumber.All.Where(slot => journal.Of(slot).Quarantine is not null).Select(slot => slot.Number)], journal.Fault);
}
