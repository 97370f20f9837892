using System.Threading.Channels;
using Appliance.Router.Rules;

namespace Appliance.Router.Tests.Rules;

/// <summary>A firewall in memory that can lose its rules, as when someone flushes the kernel's, or fail.</summary>
internal sealed class RecordingFirewall : IFirewall
{
    private readonly Dictionary<BlockKey, Block> _held = [];
    private readonly Channel<FirewallState> _states = Channel.CreateUnbounded<FirewallState>();
    private bool _isThere;

    public bool Enforces { get; init; } = true;

    public bool IsDegraded => !Enforces;

    public string Description => "The test's.";

    public IReadOnlyList<FirewallRule> Rules { get; } = [.. Enumerable.Range(1, 5).Select(index => new FirewallRule($"rule-{index}", "input", $"text {index}", ""))];

    public int Applied { get; private set; }

    public int Puts { get; private set; }

    public Exception? Fault { get; set; }

    public IReadOnlyList<TargetRange> Protected { get; private set; } = [];

    /// <summary>As it was applied last.</summary>
    public FirewallState State { get; private set; } = new([], []);

    public IReadOnlyList<string> Held => [.. _held.Values.Select(block => block.Target.ToString()).Order(StringComparer.Ordinal)];

    public DateTimeOffset? ExpiryOf(string target) => _held.Values.FirstOrDefault(block => block.Target.ToString() == target)?.ExpireTime;

    /// <summary>The device limits of the first ruleset, among those applied and not asked for yet, that has such ones.</summary>
    public async Task<IReadOnlyList<LimitedDevice>> WaitForDevicesAsync(Func<IReadOnlyList<LimitedDevice>, bool> holds)
    {
        // Only a guard against a hang.
        using var guard = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var state = await _states.Reader.ReadAsync(guard.Token);
            if (holds(state.Devices))
            {
                return state.Devices;
            }
        }
    }

    public void Lose()
    {
        _held.Clear();
        _isThere = false;
    }

    public IReadOnlyList<DropCount> ReadDrops() => [];

    public IReadOnlyList<FirewallRule> Explain(FirewallState state) =>
        [.. Rules, .. state.Policy.InOrder.Select(rule => new FirewallRule(rule.Id, "forward", $"{rule.Id} {rule.Action}", rule.Name))];

    public string Render(FirewallState state) => string.Join('\n', [.. state.Policy.InOrder.Select(rule => $"{rule.Id} {rule.Action}"), .. state.Policy.Protections.Flowtable ? ["flowtable"] : Array.Empty<string>()]);

    public Task CheckAsync(FirewallState state, CancellationToken token)
    {
        ThrowIfFaulty();
        return Task.CompletedTask;
    }

    /// <summary>Told before the rules change, and after; a test may hold it there for good, as a kill does.</summary>
    public Func<bool, Task> AtApply { get; set; } = _ => Task.CompletedTask;

    public async Task ApplyAsync(FirewallState state, CancellationToken token)
    {
        await AtApply(false);
        ThrowIfFaulty();
        _held.Clear();
        _isThere = true;
        Applied++;
        Protected = state.Protected;
        State = state;
        _states.Writer.TryWrite(state);
        foreach (var block in state.Blocks)
        {
            _held[block.Key] = block;
        }

        await AtApply(true);
    }

    public void Put(IReadOnlyList<Block> blocks)
    {
        ThrowIfAbsent();
        Puts++;
        foreach (var block in blocks)
        {
            _held[block.Key] = block;
        }
    }

    public List<string> Ended { get; } = [];

    public void EndConnections(IEnumerable<BlockTarget> addresses) => Ended.AddRange(addresses.Select(address => address.ToString()));

    public void Remove(IReadOnlyList<Block> blocks)
    {
        ThrowIfAbsent();
        foreach (var block in blocks)
        {
            _held.Remove(block.Key);
        }
    }

    private void ThrowIfAbsent()
    {
        ThrowIfFaulty();
        if (!_isThere)
        {
            throw new RulesetMissingException("gone");
        }
    }

    private void ThrowIfFaulty()
    {
        if (Fault is not null)
        {
            throw Fault;
        }
    }
}
