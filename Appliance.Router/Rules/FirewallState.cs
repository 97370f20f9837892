using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Rules;

/// <summary>All that the firewall should hold, from which the whole ruleset is made.</summary>
public sealed record FirewallState(IReadOnlyList<Block> Blocks, IReadOnlyList<TargetRange> Protected)
{
    public FirewallPolicy Policy { get; init; } = FirewallPolicy.Open;

    /// <summary>Stations that device policies and schedules limit.</summary>
    public IReadOnlyList<LimitedDevice> Devices { get; init; } = [];

    /// <summary>What the feeds hold that the policy's rules name.</summary>
    public IReadOnlyList<AddressSet> AddressSets { get; init; } = [];
}
