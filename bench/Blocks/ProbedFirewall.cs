using Appliance.Router.Rules;

namespace Appliance.Benchmarks.Blocks;

/// <summary>The real firewall, with a call at the moment at which the kernel has a block.</summary>
internal sealed class ProbedFirewall(IFirewall inner, Action onPut) : IFirewall
{
    public bool Enforces => inner.Enforces;

    public bool IsDegraded => inner.IsDegraded;

    public string Description => inner.Description;

    public IReadOnlyList<FirewallRule> Rules => inner.Rules;

    public IReadOnlyList<FirewallRule> Explain(FirewallState state) => inner.Explain(state);

    public string Render(FirewallState state) => inner.Render(state);

    public Task CheckAsync(FirewallState state, CancellationToken token) => inner.CheckAsync(state, token);

    public Task ApplyAsync(FirewallState state, CancellationToken token) => inner.ApplyAsync(state, token);

    public void Put(IReadOnlyList<Block> blocks)
    {
        inner.Put(blocks);
        onPut();
    }

    public void EndConnections(IEnumerable<BlockTarget> addresses) => inner.EndConnections(addresses);

    public void Remove(IReadOnlyList<Block> blocks) => inner.Remove(blocks);

    public IReadOnlyList<DropCount> ReadDrops() => inner.ReadDrops();
}
