using System.Globalization;
using Appliance.Bmc.Board;
using Appliance.Bmc.Slots;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Recovery;

/// <summary>Decides, from what is seen of a slot and what was done for it, what comes next. It does nothing itself.</summary>
internal sealed class Ladder(IOptions<RecoveryOptions> options, IOptions<SlotOptions> slots)
{
    // The node may answer right at its limit, and is asked again and again, not all the time.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(30);

    private readonly RecoveryOptions _options = options.Value;

    public LadderDecision Decide(Patient patient, SlotRecovery recovery, RecoveryPolicy policy, DateTimeOffset now)
    {
        var notMine = NotMine(patient, recovery, policy);
        return notMine is null && WasLeftOff(patient, recovery) ? new(LadderMove.SwitchOn, "a power cycle left it off")
            // Written to its end whatever the policy says meanwhile, or it would hold up the other slots for ever.
            : recovery.Open is { } step ? Await(patient, step, now)
            : notMine is not null ? new(LadderMove.Leave, notMine)
            : patient.WellSince is { } well ? Watch(recovery, well, now)
            : patient.IllSince is not { } ill ? new(LadderMove.Leave, $"its state is {patient.Slot.State}")
            : now - ill < _options.Patience ? new(LadderMove.Wait, $"it is {patient.Slot.State} since {Time(ill)}, and has until {Time(ill + _options.Patience)}")
            : Climb(patient, recovery, policy, now);
    }

    /// <summary>How long a step may take to help.</summary>
    public TimeSpan LimitOf(Rung rung, SlotNumber slot) => rung == Rung.RestartRole ? _options.RestartLimit : slots.Value.Of(slot).BootLimit + Slack;

    private static string? NotMine(Patient patient, SlotRecovery recovery, RecoveryPolicy policy) =>
        patient.Exemption is { } exemption ? exemption
            : policy.Disabled ? "the policy is disabled"
            : policy.ExcludedSlots.Contains(recovery.Slot) ? "the policy excludes it"
            : recovery.Quarantine is { } quarantine ? $"it is quarantined: {quarantine.Reason}"
            : patient.Slot.DesiredPower == false ? "it was switched off"
            : null;

    // Killed between the cut and the power-on, or the board was silent then; nobody else would switch it on.
    private static bool WasLeftOff(Patient patient, SlotRecovery recovery) =>
        patient.Slot is { Power: false, DesiredPower: true } && recovery.Episode.LastOrDefault() is { Rung: Rung.PowerCycle };

    private LadderDecision Await(Patient patient, RecoveryStep step, DateTimeOffset now)
    {
        var limit = LimitOf(step.Rung, patient.Slot.Number);
        var done = step.DoneTime ?? step.Time;
        // A reflash may wait for an admin for long after it was written.
        var end = (patient.FlashedTime > done ? patient.FlashedTime.Value : done) + limit;
        return patient.WellSince is not null && patient.Sighting!.Time > step.Time ? new(LadderMove.EndStep, "the node answers again")
            : patient.Slot.State == SlotState.Flashing ? new(LadderMove.Wait, "it is flashed")
            : now >= end ? new(LadderMove.EndStep, $"it did not help within {limit.TotalSeconds:0} s")
            : new(LadderMove.Wait, $"{RungWords.Of(step.Rung)} at {Time(step.Time)}; it has until {Time(end)} to help");
    }

    private LadderDecision Watch(SlotRecovery recovery, DateTimeOffset since, DateTimeOffset now) =>
        !recovery.Episode.Any() ? new(LadderMove.Leave, "it is well")
            : now - since >= _options.StableTime ? new(LadderMove.EndEpisode, $"well since {Time(since)}")
            : new(LadderMove.Leave, $"well since {Time(since)}; recovered when it is so until {Time(since + _options.StableTime)}");

    private LadderDecision Climb(Patient patient, SlotRecovery recovery, RecoveryPolicy policy, DateTimeOffset now)
    {
        var today = recovery.StepsSince(now - SlotRecovery.Day);
        if (today >= policy.DailySteps)
        {
            return new(LadderMove.Quarantine, $"it has had the {policy.DailySteps} steps of a day, and is {patient.Slot.State} again");
        }

        var done = recovery.Episode.ToList();
        List<string> objections = [];
        foreach (var rung in Enum.GetValues<Rung>().Where(rung => done.Count == 0 || rung > done.Max(step => step.Rung)))
        {
            if (Objection(rung, patient, policy) is not { } objection)
            {
                return Pause(rung, patient, recovery, today, now);
            }

            objections.Add($"{RungWords.Of(rung)}: {objection}");
        }

        var text = objections.Count == 0 ? "no step is left" : $"no step is left ({string.Join("; ", objections)})";
        return done.Count > 0
            ? new(LadderMove.Quarantine, $"{string.Join(", ", done.Select(step => RungWords.Of(step.Rung)))} did not help, and {text}")
            : new(LadderMove.Wait, text);
    }

    private LadderDecision Pause(Rung rung, Patient patient, SlotRecovery recovery, int today, DateTimeOffset now)
    {
        // Capped before it overflows; the longest pause is reached long before that.
        var pause = _options.FirstPause * Math.Pow(2, Math.Clamp(today - 1, 0, 20));
        var next = today == 0 ? now : recovery.Steps[^1].Time + (pause < _options.LongestPause ? pause : _options.LongestPause);
        return now < next
            ? new(LadderMove.Wait, $"{RungWords.Of(rung)} comes next, at {Time(next)}")
            : new(LadderMove.Step, string.Join(' ', patient.Slot.Evidence)) { Rung = rung };
    }

    private static string? Objection(Rung rung, Patient patient, RecoveryPolicy policy) => rung switch
    {
        Rung.RestartRole or Rung.Reboot => patient.Answers ? null : "the node takes no orders",
        Rung.PowerCycle => !policy.PowerCycleAllowed ? "the policy does not allow it" : ObjectionToCut(patient),
        _ => !policy.ReflashAllowed ? "the policy does not allow it" : !patient.HasImage ? "no image is known that ran in it" : ObjectionToCut(patient),
    };

    // What works in part may still route or record; nobody is there to weigh that.
    private static string? ObjectionToCut(Patient patient) => patient.Slot.Critical && patient.Sighting is not { Reading: { Answers: false, Pings: false } }
        ? "the slot is critical, and its machine may still be running"
        : null;

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
