using Appliance.Router.Nftables.Rendering;
using Appliance.Router.Rules;

namespace Appliance.Router.Nftables;

/// <summary>Enforces in the kernel: whole rulesets through nft, single blocks through netlink.</summary>
internal sealed class NftablesFirewall(NftProgram nft, KernelSets sets, ConnectionCutter connections, TimeProvider clock, string place) : IFirewall
{
    private volatile FirewallState _inForce = new([], []);
    private volatile KernelFeatures? _features;

    /// <summary>Remembers what the kernel shows after each apply; null where nobody compares.</summary>
    public KeptTable? Kept { get; init; }

    public bool Enforces => true;

    public bool IsDegraded => !connections.IsAble || LacksFlowtable;

    public string Description => $"The kernel enforces table inet {BaseRuleset.Table} in {place}.{connections.Shortcoming}"
        + (LacksFlowtable ? " It has no flowtables, so connections that stand are looked at packet by packet." : "");

    public IReadOnlyList<FirewallRule> Rules => RulesetChains.BuiltIn(_inForce, Features);

    private KernelFeatures Features => _features ?? KernelFeatures.Least;

    private bool LacksFlowtable => _inForce.Policy.Protections.Flowtable && !Features.Flowtable;

    public IReadOnlyList<FirewallRule> Explain(FirewallState state) => [.. RulesetChains.Of(state, Features, clock.GetLocalNow().Offset).SelectMany(chain => chain.Rules)];

    public string Render(FirewallState state) => RulesetText.Render(state, clock.GetLocalNow(), Features);

    public async Task CheckAsync(FirewallState state, CancellationToken token)
    {
        await ProbeAsync(state, token);
        await nft.CheckAsync(Render(state), token);
    }

    public async Task ApplyAsync(FirewallState state, CancellationToken token)
    {
        await ProbeAsync(state, token);
        var script = Render(state);
        await nft.CheckAsync(script, token);
        if (Kept is not null)
        {
            await Kept.PrepareAsync(token);
        }

        await nft.ApplyAsync(script, token);
        _inForce = state;
        if (Kept is not null)
        {
            await Kept.TakeAsync(token);
        }
    }

    public void Put(IReadOnlyList<Block> blocks)
    {
        try
        {
            sets.Put(Changes(blocks, clock.GetUtcNow()));
        }
        catch (KernelRefusedException error) when (error.Fault == KernelFault.SetMissing)
        {
            throw new RulesetMissingException($"Table inet {BaseRuleset.Table} or a set of it is not in the kernel.", error);
        }
    }

    public void EndConnections(IEnumerable<BlockTarget> addresses) => connections.Cut(addresses);

    public void Remove(IReadOnlyList<Block> blocks)
    {
        try
        {
            sets.Remove(Changes(blocks, clock.GetUtcNow()));
        }
        catch (KernelRefusedException error) when (error.Fault == KernelFault.SetMissing)
        {
            throw new RulesetMissingException($"Table inet {BaseRuleset.Table} or a set of it is not in the kernel.", error);
        }
    }

    public IReadOnlyList<DropCount> ReadDrops()
    {
        try
        {
            return [.. sets.ReadCounters(BaseRuleset.Table).Where(IsDrop).Select(ToDrop)];
        }
        catch (KernelRefusedException error) when (error.Fault == KernelFault.SetMissing)
        {
            return [];
        }
    }

    // Asked only for a policy that wants it: the answer costs a child process.
    private async Task ProbeAsync(FirewallState state, CancellationToken token)
    {
        if (_features is null && state.Policy.Protections.Flowtable)
        {
            _features = new KernelFeatures(await HasFlowtableAsync(token));
        }
    }

    private async Task<bool> HasFlowtableAsync(CancellationToken token)
    {
        try
        {
            await nft.CheckAsync("table inet appliance_probe {\n  flowtable probe {\n    hook ingress priority filter\n    devices = { lo }\n    counter\n  }\n}\n", token);
            return true;
        }
        catch (RulesetRejectedException)
        {
            return false;
        }
    }

    // Counters of rules end otherwise, and are as many as people write.
    private static bool IsDrop(CounterReading reading) => reading.Name.EndsWith(BaseRuleset.CounterEnding, StringComparison.Ordinal);

    private static DropCount ToDrop(CounterReading reading) => new(
        reading.Name[..^BaseRuleset.CounterEnding.Length],
        (long)Math.Min(reading.Packets, long.MaxValue),
        (long)Math.Min(reading.Bytes, long.MaxValue));

    private static List<SetChange> Changes(IReadOnlyList<Block> blocks, DateTimeOffset now) =>
    [
        .. blocks
            .GroupBy(BaseRuleset.SetOf)
            .Select(group => new SetChange(group.Key, [.. group.Select(block => Element(block, now))])),
    ];

    // At least a millisecond: a timeout of 0 would mean for ever.
    private static SetElement Element(Block block, DateTimeOffset now) => new(
        block.Target,
        TimeSpan.FromMilliseconds(Math.Max(1, (block.ExpireTime - now).TotalMilliseconds)),
        block.Action == BlockAction.RateLimit ? block.PacketsPerSecond : 0);
}
