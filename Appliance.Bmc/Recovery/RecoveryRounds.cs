namespace Appliance.Bmc.Recovery;

/// <summary>One look at all slots after the other, and at most one step at a time over all of them.</summary>
internal sealed class RecoveryRounds(Patients patients, Ladder ladder, RecoveryHolds holds, RecoveryDeeds deeds, RecoveryLedger ledger)
{
    /// <summary>Looks at all slots, and takes the one step that is due.</summary>
    public async Task LookAsync(CancellationToken token)
    {
        var hold = holds.Look();
        List<(Patient Patient, LadderDecision Decision)> due = [];
        foreach (var patient in patients.Look())
        {
            var decision = Settle(patient);
            ledger.Note(patient.Slot.Number, decision.Text);
            if (decision.Move is LadderMove.Step or LadderMove.SwitchOn)
            {
                due.Add((patient, decision));
            }
        }

        // Never two nodes at once: a step that may still help has the board to itself. What it left off is part of that step.
        var next = due.OrderBy(one => one.Decision.Move == LadderMove.Step).ThenBy(one => one.Patient.IllSince).FirstOrDefault();
        if (next.Patient is not { } ill || (next.Decision.Move == LadderMove.Step && ledger.HasOpenStep))
        {
            return;
        }

        if (hold is not null)
        {
            ledger.Note(ill.Slot.Number, $"{Describe(next.Decision)} waits: {hold}");
        }
        else if (deeds.IsBusy(ill.Slot.Number))
        {
            ledger.Note(ill.Slot.Number, $"{Describe(next.Decision)} waits: another order for it, or a flash, is under way");
        }
        else
        {
            await ActAsync(ill, next.Decision, token);
        }
    }

    private static string Describe(LadderDecision decision) => decision.Move == LadderMove.SwitchOn ? "power on" : RungWords.Of(decision.Rung);

    /// <summary>Writes down what is over, and returns what remains to be done.</summary>
    private LadderDecision Settle(Patient patient)
    {
        var decision = ledger.Decide(ladder, patient);
        while (decision.Move is LadderMove.EndStep or LadderMove.EndEpisode or LadderMove.Quarantine)
        {
            ledger.Settle(patient, decision);
            decision = ledger.Decide(ladder, patient);
        }

        return decision;
    }

    private async Task ActAsync(Patient patient, LadderDecision decision, CancellationToken token)
    {
        var slot = patient.Slot.Number;
        if (decision.Move == LadderMove.SwitchOn)
        {
            ledger.News.SwitchOn(slot, decision.Text);
            ledger.TellFailure(slot, "power on", await deeds.SwitchOnAsync(slot, ledger.News.Self, token));
            return;
        }

        // What was seen some seconds ago is no ground to cut a node that has come back.
        var asked = await patients.AskAsync(patient, token);
        if (asked.Sighting is { Reading: { Answers: true, FailedParts.Count: 0 } })
        {
            return;
        }

        ledger.Begin(slot, decision);
        var failure = await deeds.DoAsync(slot, decision.Rung, ledger.News.Self, decision.Text, token);
        ledger.TellFailure(slot, RungWords.Of(decision.Rung), failure);
        if (failure.Length > 0 && decision.Rung != Rung.PowerCycle)
        {
            ledger.EndStep(slot, $"failed: {failure}");
            return;
        }

        // A power cycle that failed half way is looked at for as long as one that did not.
        ledger.Done(slot);
        if (decision.Rung == Rung.Reboot)
        {
            // The board sees nothing of it.
            ledger.NoteStart(slot);
        }
    }
}
