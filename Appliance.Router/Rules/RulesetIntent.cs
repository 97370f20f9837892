using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Rules;

/// <summary>What the firewall should do besides blocks: policy, device limits, the sets that rules name, and what is never blocked.</summary>
internal sealed class RulesetIntent(ProtectedAddresses protectedAddresses)
{
    private readonly Lock _turn = new();
    private FirewallState _state = new([], []);

    public FirewallPolicy Policy
    {
        get
        {
            lock (_turn)
            {
                return _state.Policy;
            }
        }
    }

    public IReadOnlyList<LimitedDevice> Devices
    {
        get
        {
            lock (_turn)
            {
                return _state.Devices;
            }
        }
    }

    /// <summary>Takes over a change, such as <c>state => state with { Policy = … }</c>; returns what was before.</summary>
    public FirewallState Change(Func<FirewallState, FirewallState> change)
    {
        lock (_turn)
        {
            var before = _state;
            _state = change(before);
            return before;
        }
    }

    public bool IsProtected(BlockTarget target) => protectedAddresses.Find(target) is not null;

    /// <summary>All that the firewall should hold, with these blocks.</summary>
    public FirewallState With(IReadOnlyList<Block> blocks)
    {
        lock (_turn)
        {
            return _state with { Blocks = blocks, Protected = [.. protectedAddresses.All.Select(address => address.Range)] };
        }
    }
}
