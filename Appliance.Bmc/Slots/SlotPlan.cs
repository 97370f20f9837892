using Appliance.Bmc.Board;
using Appliance.Hosting;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Slots;

/// <summary>Which slot needs which, and the orders that follow from it.</summary>
internal sealed class SlotPlan
{
    private readonly SlotOptions _options;
    private readonly Dictionary<SlotNumber, SlotNumber[]> _needs;

    public SlotPlan(IOptions<SlotOptions> options)
    {
        _options = options.Value;
        var isConfigured = SlotNumber.All.Any(slot => _options.Of(slot).After.Count > 0);
        _needs = SlotNumber.All.ToDictionary(slot => slot, slot => isConfigured ? Configured(slot) : ByRole(slot));
    }

    /// <summary>The slots that must be ready before this one.</summary>
    public IReadOnlyList<SlotNumber> Needs(SlotNumber slot) => _needs[slot];

    /// <summary>The slots that need this one.</summary>
    public IReadOnlyList<SlotNumber> NeededBy(SlotNumber slot) => [.. SlotNumber.All.Where(other => _needs[other].Contains(slot))];

    /// <summary>The wanted slots and all that they need, each behind what it needs; nothing wanted means every slot of which the configuration says anything.</summary>
    public IReadOnlyList<SlotNumber> BringUp(IReadOnlyCollection<SlotNumber> wanted) =>
        Order(wanted.Count > 0 ? wanted : [.. SlotNumber.All.Where(IsConfigured)], Needs);

    /// <summary>The slots and all that need them, each behind what needs it; the one that hosts this role comes last, as it ends the rest.</summary>
    public IReadOnlyList<SlotNumber> ShutDown(IReadOnlyCollection<SlotNumber> wanted) =>
        [.. Order(wanted, NeededBy).OrderBy(slot => slot.Number == _options.HostedOn)];

    private static List<SlotNumber> Order(IEnumerable<SlotNumber> wanted, Func<SlotNumber, IReadOnlyList<SlotNumber>> before)
    {
        List<SlotNumber> order = [];
        foreach (var slot in wanted.OrderBy(slot => slot.Number))
        {
            Visit(slot);
        }

        return order;

        // Free of circles: the options are checked at the start, and ranks have none.
        void Visit(SlotNumber slot)
        {
            if (order.Contains(slot))
            {
                return;
            }

            foreach (var other in before(slot))
            {
                Visit(other);
            }

            order.Add(slot);
        }
    }

    private SlotNumber[] Configured(SlotNumber slot) => [.. SlotNumber.All.Where(other => _options.Of(slot).After.Contains(other.Number))];

    // Router first, then logger, then detector: each pulls from the ones before it.
    private SlotNumber[] ByRole(SlotNumber slot) => [.. SlotNumber.All.Where(other => Rank(other) < Rank(slot))];

    private Role? Rank(SlotNumber slot)
    {
        var roles = _options.Of(slot).NodeAddresses();
        return roles.Count == 0 ? null : roles.Min(node => node.Role);
    }

    private bool IsConfigured(SlotNumber slot) => _options.Of(slot) is var label
        && (label.Name.Length > 0 || label.Node.Length > 0 || label.After.Count > 0 || NeededBy(slot).Count > 0);
}
