using Appliance.Bmc.Board;
using Appliance.Hosting.Errors;
using Appliance.Protos.Bmc.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Wire = Appliance.Protos.Bmc.V1;

namespace Appliance.Bmc.Recovery;

/// <summary>The calls of BmcService about recovery, and the form that its policy and steps have on the wire.</summary>
internal sealed class RecoveryWire(RecoveryJournal journal, RecoveryLedger ledger)
{
    public Task<GetRecoveryPolicyResponse> GetRecoveryPolicy(GetRecoveryPolicyRequest request, ServerCallContext context) =>
        Task.FromResult(new GetRecoveryPolicyResponse { Policy = ToWire(journal.Policy, journal.Etag), Slots = { SlotNumber.All.Select(ToWire) } });

    public Task<UpdateRecoveryPolicyResponse> UpdateRecoveryPolicy(UpdateRecoveryPolicyRequest request, ServerCallContext context)
    {
        var policy = FromWire(request.Policy ?? throw new InvalidInputException("policy", "is missing"));
        ledger.Update(policy, request.Policy.Etag);
        return Task.FromResult(new UpdateRecoveryPolicyResponse { Policy = ToWire(journal.Policy, journal.Etag) });
    }

    public Task<ReleaseSlotResponse> ReleaseSlot(ReleaseSlotRequest request, ServerCallContext context)
    {
        var slot = SlotNumber.From(request.SlotNumber, "slot_number");
        ledger.Release(slot);
        return Task.FromResult(new ReleaseSlotResponse { Recovery = ToWire(slot) });
    }

    private static RecoveryPolicy FromWire(Wire.RecoveryPolicy wire) => new()
    {
        Disabled = wire.Disabled,
        DailySteps = wire.DailyStepsCount switch
        {
            0 => RecoveryPolicy.DefaultDailySteps,
            <= RecoveryPolicy.MaxDailySteps => (int)wire.DailyStepsCount,
            _ => throw new InvalidInputException("policy.daily_steps_count", $"is {wire.DailyStepsCount}; give 1 to {RecoveryPolicy.MaxDailySteps}, or 0 for {RecoveryPolicy.DefaultDailySteps}"),
        },
        PowerCycleAllowed = wire.PowerCycleAllowed,
        ReflashAllowed = wire.ReflashAllowed,
        ExcludedSlots = [.. wire.ExcludedSlotNumbers.Select(number => SlotNumber.From(number, "policy.excluded_slot_numbers").Number).Distinct().Order()],
    };

    private static Wire.RecoveryPolicy ToWire(RecoveryPolicy policy, string etag) => new()
    {
        Etag = etag,
        Disabled = policy.Disabled,
        DailyStepsCount = (uint)policy.DailySteps,
        PowerCycleAllowed = policy.PowerCycleAllowed,
        ReflashAllowed = policy.ReflashAllowed,
        ExcludedSlotNumbers = { policy.ExcludedSlots.Select(slot => (uint)slot) },
    };

    private SlotRecoveryState ToWire(SlotNumber slot)
    {
        var recovery = journal.Of(slot);
        return new SlotRecoveryState
        {
            SlotNumber = (uint)slot.Number,
            Quarantined = recovery.Quarantine is not null,
            QuarantineReason = recovery.Quarantine?.Reason ?? "",
            QuarantineTime = recovery.Quarantine is { } quarantine ? Timestamp.FromDateTimeOffset(quarantine.Time) : null,
            Steps = { recovery.Steps.Select(ToWire) },
            Text = ledger.TextOf(slot),
        };
    }

    private static Wire.RecoveryStep ToWire(RecoveryStep step) => new()
    {
        Time = Timestamp.FromDateTimeOffset(step.Time),
        Kind = step.Rung switch
        {
            Rung.RestartRole => Wire.RecoveryStep.Types.Kind.RestartRole,
            Rung.Reboot => Wire.RecoveryStep.Types.Kind.Reboot,
            Rung.PowerCycle => Wire.RecoveryStep.Types.Kind.PowerCycle,
            _ => Wire.RecoveryStep.Types.Kind.Reflash,
        },
        Evidence = step.Evidence,
        Outcome = step.Outcome,
        EndTime = step.EndTime is { } end ? Timestamp.FromDateTimeOffset(end) : null,
    };
}
