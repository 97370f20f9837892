using Appliance.Router.Rules;

namespace Appliance.Router.Nftables;

/// <summary>Enforces in the kernel: whole rulesets through nft, single blocks through netlink.</summary>
internal sealed class NftablesFirewall(NftProgram nft, KernelSets sets, ConnectionCutter connections, TimeProvider clock, string place) : IFirewall
{
    public bool Enforces => true;

    public bool IsDegraded => !connections.IsAble;

    public string Description => $"The kernel enforces table inet {BaseRuleset.Table} in {place}.{connections.Shortcoming}";

    public IReadOnlyList<FirewallRule> Rules => BaseRuleset.Rules;

    public string Render(FirewallState state) => RulesetText.Render(state, clock.GetUtcNow());

    public Task CheckAsync(FirewallState state, CancellationToken token) => nft.CheckAsync(Render(state), token);

    public async Task ApplyAsync(FirewallState state, CancellationToken token)
    {
        var script = Render(state);
        await nft.CheckAsync(script, token);
        await nft.ApplyAsync(script, token);
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

        connections.Cut(blocks.Where(block => block.Action == BlockAction.Drop).Select(block => block.Target));
    }

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
            return [.. sets.ReadCounters(BaseRuleset.Table).Select(ToDrop)];
        }
        catch (KernelRefusedException error) when (error.Fault == KernelFault.SetMissing)
        {
            return [];
        }
    }

    private static DropCount ToDrop(CounterReading reading) => new(
        reading.Name.EndsWith(BaseRuleset.CounterEnding, StringComparison.Ordinal) ? reading.Name[..^BaseRuleset.CounterEnding.Length] : reading.Name,
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
