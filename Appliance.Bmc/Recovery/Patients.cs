using Appliance.Bmc.Board;
using Appliance.Bmc.Slots;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Recovery;

/// <summary>Looks at the slots, and remembers since when each is as it is.</summary>
/// <remarks>Used by one look at a time. What it remembers ends with the process: then patience begins anew.</remarks>
internal sealed class Patients(SlotFeed feed, NodeMonitor nodes, IReflash reflash, IOptions<SlotOptions> options, TimeProvider clock)
{
    private readonly DateTimeOffset?[] _illSince = new DateTimeOffset?[SlotNumber.Last];
    private readonly DateTimeOffset?[] _wellSince = new DateTimeOffset?[SlotNumber.Last];
    private readonly DateTimeOffset?[] _flashedTime = new DateTimeOffset?[SlotNumber.Last];

    /// <summary>All slots as they are now.</summary>
    public IReadOnlyList<Patient> Look() => [.. feed.Current.Select(See)];

    /// <summary>Asks the slot's node once more: between a look and a step it may have come back.</summary>
    public async Task<Patient> AskAsync(Patient patient, CancellationToken token) => patient with { Sighting = await nodes.AskAsync(patient.Slot.Number, token) };

    private Patient See(Slot slot)
    {
        var now = clock.GetUtcNow();
        var sighting = nodes.Of(slot.Number);
        var index = slot.Number.Index;
        _illSince[index] = Patient.IsIll(slot) ? _illSince[index] ?? now : null;
        _wellSince[index] = Patient.IsWell(slot, sighting) ? _wellSince[index] ?? now : null;
        _flashedTime[index] = slot.State == SlotState.Flashing ? now : _flashedTime[index];
        return new Patient(slot, sighting)
        {
            FlashedTime = _flashedTime[index],
            IllSince = _illSince[index],
            WellSince = _wellSince[index],
            Exemption = ExemptionOf(slot.Number),
            HasImage = reflash.LastGood(slot.Number) is not null,
        };
    }

    private string? ExemptionOf(SlotNumber slot) =>
        options.Value.Of(slot).NodeAddresses().Count == 0 ? "the configuration names no node, so nothing tells whether it works"
            : options.Value.HostedOn == slot.Number ? "this role runs on it; its hardware watchdog is what revives it"
            : null;
}
