using Appliance.Bmc.Board;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Slots;

/// <summary>Joins what the board says of the slots with their nodes, with what is noted of them, and with what the configuration says.</summary>
/// <remarks>Used by one reading at a time.</remarks>
internal sealed class SlotViews(NodeMonitor nodes, SlotMarks marks, DesiredPower desired, IOptions<SlotOptions> options, TimeProvider clock)
{
    private readonly SlotOptions _options = options.Value;
    private readonly PowerPeriod[] _periods = [.. SlotNumber.All.Select(_ => new PowerPeriod())];

    /// <summary>A slot as it is; power is null when the board does not tell.</summary>
    public Slot Join(SlotNumber number, bool? power, SlotNote? note, bool boardAnswers)
    {
        var now = clock.GetUtcNow();
        var label = _options.Of(number);
        var period = _periods[number.Index];
        if (power is { } stored)
        {
            desired.Adopt(number, stored);
        }

        period.Look(power, note?.PowerOnTime, marks.StartOf(number), now);
        var console = marks.ConsoleOf(number);
        var view = new SlotView(power, boardAnswers, period.Since, label.NodeAddresses().Count > 0, nodes.Of(number), marks.Of(number))
        {
            Console = console,
            CountedSince = period.Counted,
        };
        var verdict = SlotVerdict.Of(view, label.BootLimit, _options.SilenceLimit, now);
        var module = label.Module.Length > 0 ? label.Module : note?.Module ?? "";
        return new Slot(
            number,
            verdict.State,
            label.Name.Length > 0 ? label.Name : note?.Name ?? "",
            module.Length > 0 ? module : console.Module,
            power == true ? note?.PowerOnTime : null)
        {
            Evidence = [.. verdict.Evidence, .. ModuleEvidence(number, label.Module, console.Module)],
            Version = view.Answers ? view.Node!.Reading.Version : "",
            Critical = label.Critical || _options.HostedOn == number.Number,
            Power = power,
            DesiredPower = desired.Of(number),
        };
    }

    // A CM4 Lite says the same of itself as a CM4 does.
    private IEnumerable<string> ModuleEvidence(SlotNumber number, string configured, string shown)
    {
        if (configured.Length > 0 && shown.Length > 0 && !configured.StartsWith(shown, StringComparison.Ordinal))
        {
            yield return $"The configuration says {configured}, its console says {shown}.";
        }

        if (marks.RefusalOf(number) is { Length: > 0 } refusal)
        {
            yield return $"When it was flashed last: {refusal}";
        }
    }
}
