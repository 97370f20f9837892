using System.Collections.Immutable;
using Appliance.Hosting;
using Appliance.Hosting.Health;

namespace Appliance.Logger.Site;

/// <summary>Every role's state as the Logger sees it; down until it answers.</summary>
internal sealed class NodeStates(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private ImmutableArray<NodeState> _states =
        [.. Enum.GetValues<Role>().Select(role => new NodeState(role, NodeCondition.Down, clock.GetUtcNow(), []))];

    /// <summary>In the order of <see cref="Role"/>.</summary>
    public IReadOnlyList<NodeState> Snapshot
    {
        get
        {
            lock (_lock)
            {
                return _states;
            }
        }
    }

    /// <summary>The role answered; what it said before a loss is forgotten, since it may have restarted.</summary>
    public void Connected(Role role) => Change(role, state => With(state, NodeCondition.Up, []));

    public void Reported(Role role, NodePart part) => Change(role, state =>
    {
        NodePart[] parts = [.. state.Parts.Where(one => one.Name != part.Name), part];
        bool healthy = Array.TrueForAll(parts, one => one.State == PartState.Healthy);
        return With(state, healthy ? NodeCondition.Up : NodeCondition.Degraded, [.. parts.OrderBy(one => one.Name, StringComparer.Ordinal)]);
    });

    public void Lost(Role role) => Change(role, state => With(state, NodeCondition.Down, state.Parts));

    private void Change(Role role, Func<NodeState, NodeState> change)
    {
        lock (_lock)
        {
            _states = [.. _states.Select(state => state.Role == role ? change(state) : state)];
        }
    }

    private NodeState With(NodeState state, NodeCondition condition, IReadOnlyList<NodePart> parts) =>
        new(state.Role, condition, condition == state.Condition ? state.Since : clock.GetUtcNow(), parts);
}
