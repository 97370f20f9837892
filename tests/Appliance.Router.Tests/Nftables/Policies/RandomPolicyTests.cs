using System.Globalization;
using System.Text;
using Appliance.Router.Nftables;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>The kernel's decisions on real packets under random policies, against those of the reference.</summary>
[Trait("Category", "Slow")]
public sealed class RandomPolicyTests : IDisposable
{
    private const int PacketsEach = 60;

    private readonly PolicyLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public Task Kernel_decides_and_counts_as_the_reference_does() => CompareAsync(20261130, 60);

    [Fact]
    public Task Kernel_decides_and_counts_as_the_reference_does_for_a_seed_that_nobody_chose() => CompareAsync(Random.Shared.Next(), 15);

    private async Task CompareAsync(int seed, int policies)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}.");
        var random = new Random(seed);
        _lab.Hush();
        var flows = await FlowPool.OpenAsync(_lab, random);
        var now = TimeProvider.System.GetUtcNow();
        var (states, packets) = (new RandomPolicies(random, now), new RandomPackets(_lab, flows, random));
        var told = new Dictionary<Fate, int>();
        for (var index = 0; index < policies; index++)
        {
            var state = states.Next();
            await _lab.ApplyAsync(state);
            var reference = new ReferenceFirewall(state, now);
            var passages = Enumerable.Range(0, PacketsEach).Select(_ => packets.Next()).Where(passage => IsAlone(state, reference, passage)).ToList();
            var faults = Compare(reference, passages);
            if (faults.Count > 0)
            {
                Assert.Fail($"Seed {seed}, policy {index}:\n{string.Join('\n', faults.Take(5))}\n{await PinAsync(state, reference, passages.Where(RandomPackets.CanBeRepeated).Select(packets.Afresh))}\n{Describe(state)}");
            }

            foreach (var passage in passages)
            {
                var fate = reference.Decide(passage).Fate;
                told[fate] = told.GetValueOrDefault(fate) + 1;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{policies} policies, {policies * PacketsEach} packets: {string.Join(", ", told.Select(each => $"{each.Value} {each.Key}"))}.");
        Assert.All(Enum.GetValues<Fate>(), fate => Assert.InRange(told.GetValueOrDefault(fate), policies, policies * PacketsEach));
    }

    // What the gateway is refused comes to itself in the name of the far end, as a packet of its own: a block of that end drops it, and rules for such answers count or drop it in turn.
    private static bool IsAlone(FirewallState state, ReferenceFirewall reference, Passage passage) => passage.From != PolicyLab.Gateway
        || reference.Decide(passage).Fate != Fate.Refused
        || (state.Blocks.Count == 0 && !state.Policy.Rules.Any(rule => rule.Match.States.Contains(ConnectionState.Related)));

    /// <summary>Where the kernel and the reference differ, packet by packet and rule by rule.</summary>
    private List<string> Compare(ReferenceFirewall reference, IReadOnlyList<Passage> passages)
    {
        var before = _lab.ReadHits();
        var outcomes = _lab.Send([.. passages.Select(passage => (passage.From, passage.Packet))]);
        var after = _lab.ReadHits();
        var decisions = passages.Select(reference.Decide).ToList();
        var faults = passages.Zip(decisions, outcomes).Where(each => !Agrees(each.First, each.Second, each.Third)).Select(each => $"{each.First}\n  should be {each.Second}, was {each.Third}").ToList();
        var counted = decisions.SelectMany(decision => decision.Counted).CountBy(id => id).ToDictionary();
        faults.AddRange(after
            .Select(hits => (Id: hits.Key, Should: counted.GetValueOrDefault(hits.Key), Was: hits.Value - before[hits.Key]))
            .Where(each => each.Should != each.Was)
            .Select(each => $"rule {each.Id} should have counted {each.Should}, has counted {each.Was}"));
        faults.AddRange(counted.Keys.Except(after.Keys).Select(id => $"rule {id} has no counter"));
        return faults;
    }

    private static bool Agrees(Passage passage, Decision decision, Outcome outcome)
    {
        if (decision.Fate == Fate.Passed)
        {
            return outcome.Arrivals.Count == 1 && outcome.Place == decision.Place && (decision.Place == PolicyLab.Gateway || outcome.Source!.Equals(decision.Source));
        }

        return outcome.Fate == (passage.CanBeAnswered ? decision.Fate : Fate.Dropped);
    }

    /// <summary>The first single packet on which they differ.</summary>
    private async Task<string> PinAsync(FirewallState state, ReferenceFirewall reference, IEnumerable<Passage> passages)
    {
        await _lab.ApplyAsync(state);
        foreach (var passage in passages)
        {
            if (Compare(reference, [passage]) is { Count: > 0 } faults)
            {
                return $"Alone: {passage}, decided {reference.Decide(passage)}, counted by {string.Join(' ', reference.Decide(passage).Counted)}:\n{string.Join('\n', faults)}";
            }
        }

        return "Each packet alone was decided and counted as it should be.";
    }

    private static string Describe(FirewallState state)
    {
        var text = new StringBuilder();
        foreach (var one in state.Policy.Defaults)
        {
            text.Append(CultureInfo.InvariantCulture, $"{one}\n");
        }

        foreach (var rule in state.Policy.InOrder)
        {
            text.Append(CultureInfo.InvariantCulture, $"{rule.Id} {rule.Order} {rule.Action}:");
            foreach (var property in typeof(RuleMatch).GetProperties().Where(property => property.PropertyType != typeof(RuleMatch)))
            {
                if (property.GetValue(rule.Match) is System.Collections.IEnumerable values && values.Cast<object>().ToList() is { Count: > 0 } all)
                {
                    text.Append(CultureInfo.InvariantCulture, $" {property.Name} [{string.Join(' ', all)}]");
                }
            }

            text.Append('\n');
        }

        return text.Append(RulesetText.Render(state, TimeProvider.System.GetUtcNow())).ToString();
    }
}
