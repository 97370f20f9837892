using Appliance.Router.Nftables.Rendering;
using Appliance.Router.Rules;

namespace Appliance.Router.Nftables;

/// <summary>Renders and keeps the ruleset's text, for a process that may not change the kernel.</summary>
internal sealed class RenderedFirewall(string reason, TimeProvider clock) : IFirewall
{
    private readonly Lock _turn = new();
    private readonly Dictionary<BlockKey, Block> _blocks = [];
    private FirewallState _state = new([], []);

    public bool Enforces => false;

    public bool IsDegraded => true;

    public string Description => $"Rendered only: {reason}";

    public IReadOnlyList<FirewallRule> Rules
    {
        get
        {
            lock (_turn)
            {
                return RulesetChains.BuiltIn(_state, KernelFeatures.Least);
            }
        }
    }

    /// <summary>The script that would be applied now.</summary>
    public string Text
    {
        get
        {
            lock (_turn)
            {
                return Render(_state with { Blocks = [.. _blocks.Values] });
            }
        }
    }

    public IReadOnlyList<DropCount> ReadDrops() => [];

    public IReadOnlyList<FirewallRule> Explain(FirewallState state) =>
        [.. RulesetChains.Of(state, KernelFeatures.Least, clock.GetLocalNow().Offset).SelectMany(chain => chain.Rules)];

    public string Render(FirewallState state) => RulesetText.Render(state, clock.GetLocalNow());

    /// <summary>Nobody is here to ask: what the policy's own check lets through is taken.</summary>
    public Task CheckAsync(FirewallState state, CancellationToken token) => Task.CompletedTask;

    public Task ApplyAsync(FirewallState state, CancellationToken token)
    {
        lock (_turn)
        {
            _state = state;
            _blocks.Clear();
        }

        Put(state.Blocks);
        return Task.CompletedTask;
    }

    public void Put(IReadOnlyList<Block> blocks)
    {
        lock (_turn)
        {
            foreach (var block in blocks)
            {
                _blocks[block.Key] = block;
            }
        }
    }

    public void EndConnections(IEnumerable<BlockTarget> addresses)
    {
        // None is ended by a text.
    }

    public void Remove(IReadOnlyList<Block> blocks)
    {
        lock (_turn)
        {
            foreach (var block in blocks)
            {
                _blocks.Remove(block.Key);
            }
        }
    }
}
