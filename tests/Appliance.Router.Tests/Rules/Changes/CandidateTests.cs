using Appliance.Hosting.Errors;
using Appliance.Router.Rules.Changes;
using Appliance.Router.Rules.Policy;
using static Appliance.Router.Tests.Rules.Changes.SamplePolicies;

namespace Appliance.Router.Tests.Rules.Changes;

public sealed class CandidateTests
{
    [Fact]
    public async Task What_is_written_outlives_the_process()
    {
        using var bench = await RuleBench.OpenAsync();
        bench.Candidate.Write(House);
        bench.Candidate.Create(Ask(Drop("a")));
        bench.Candidate.Create(Ask(Drop("b")));
        bench.Candidate.Update("a", "", rule => rule with { Order = 99 });
        bench.Candidate.Delete("b", "");
        var before = bench.Candidate.Current.Etag;

        await bench.ReopenAsync();

        Assert.Equal(before, bench.Candidate.Current.Etag);
        Assert.Equal([("a", 99)], bench.Candidate.Current.Policy.Rules.Select(rule => (rule.Id, rule.Order)));
    }

    [Fact]
    public async Task Nothing_of_it_reaches_the_firewall()
    {
        using var bench = await RuleBench.OpenAsync();
        var applied = bench.Firewall.Applied;

        bench.Candidate.Write(With(Drop("a")));

        Assert.Equal(applied, bench.Firewall.Applied);
        Assert.Empty(bench.Enforcer.Intent.Policy.Rules);
    }

    [Fact]
    public async Task A_stale_etag_of_a_rule_or_of_the_whole_is_refused_and_changes_nothing()
    {
        using var bench = await RuleBench.OpenAsync();
        bench.Candidate.Write(With(Drop("a")));
        var (whole, rule) = (bench.Candidate.Current.Etag, PolicyWire.EtagOf(bench.Candidate.Find("a")));
        bench.Candidate.Update("a", rule, known => known with { Order = 99 });
        var after = bench.Candidate.Current.Etag;

        Assert.Throws<StaleEtagException>(() => bench.Candidate.Update("a", rule, known => known with { Order = 1 }));
        Assert.Throws<StaleEtagException>(() => bench.Candidate.Delete("a", rule));
        Assert.Throws<StaleEtagException>(() => bench.Candidate.Replace(House, whole, [], validateOnly: false));

        Assert.Equal(after, bench.Candidate.Current.Etag);
    }

    [Fact]
    public async Task Repeating_a_request_returns_the_first_rule_and_another_persons_does_not()
    {
        using var bench = await RuleBench.OpenAsync();
        bench.Candidate.Write(House);

        var first = bench.Candidate.Create(Ask(Drop(""), "r1"));
        await bench.ReopenAsync();
        var again = bench.Candidate.Create(Ask(Drop(""), "r1"));
        var other = bench.Candidate.Create(Ask(Drop(""), "r1") with { Creator = "bob" });

        Assert.Equal(first.Id, again.Id);
        Assert.NotEqual(first.Id, other.Id);
        Assert.Equal(2, bench.Candidate.Current.Policy.Rules.Count);
    }

    [Fact]
    public async Task Built_in_rules_stay_and_their_ids_are_taken()
    {
        using var bench = await RuleBench.OpenAsync();
        bench.Candidate.Write(House);

        Assert.Throws<BusyException>(() => bench.Candidate.Update("rule-1", "", rule => rule));
        Assert.Throws<BusyException>(() => bench.Candidate.Delete("rule-1", ""));
        Assert.Throws<InvalidInputException>(() => bench.Candidate.Create(Ask(Drop("rule-1"))));
        Assert.Throws<InvalidInputException>(() => bench.Candidate.Write(With(Drop("rule-1"))));
        Assert.Throws<NotFoundException>(() => bench.Candidate.Delete("nothing", ""));
    }

    [Fact]
    public async Task A_wrong_rule_is_refused_and_an_id_is_taken_once()
    {
        using var bench = await RuleBench.OpenAsync();
        bench.Candidate.Write(With(Drop("a")));

        Assert.Throws<InvalidInputException>(() => bench.Candidate.Create(Ask(Drop("a"))));
        Assert.Throws<InvalidInputException>(() => bench.Candidate.Create(Ask(Drop("b", -5))));
        Assert.Throws<InvalidInputException>(() => bench.Candidate.Update("a", "", rule => rule with { Order = -5 }));

        Assert.Single(bench.Candidate.Current.Policy.Rules);
    }

    [Fact]
    public async Task A_thousand_rules_are_the_most()
    {
        using var bench = await RuleBench.OpenAsync();
        bench.Candidate.Write(With([.. Enumerable.Range(0, PolicyCheck.MaxRules).Select(number => Drop($"r{number}"))]));

        Assert.Throws<LimitExceededException>(() => bench.Candidate.Create(Ask(Drop("one-more"))));
    }

    [Fact]
    public async Task Watching_tells_new_changed_and_deleted_rules_and_no_others()
    {
        using var bench = await RuleBench.OpenAsync();
        bench.Candidate.Write(With(Drop("same"), Drop("changed"), Drop("gone")));
        using var watch = bench.Candidate.Watch();

        bench.Candidate.Write(With(Drop("same"), Drop("changed", 50), Drop("new")));

        var changes = new List<(string, int?)>();
        while (watch.Changes.TryRead(out var change))
        {
            changes.Add((change.Id, change.Rule?.Order));
        }

        Assert.Equal(["same", "changed", "gone"], watch.Snapshot.Select(rule => rule.Id).OrderByDescending(id => id == "same").ThenBy(id => id));
        Assert.Equal([("gone", null), ("changed", 50), ("new", 10)], changes);
    }

    [Fact]
    public async Task An_import_that_only_validates_changes_nothing()
    {
        using var bench = await RuleBench.OpenAsync();
        var before = bench.Candidate.Current.Etag;

        bench.Candidate.Replace(With(Drop("a")), "", [], validateOnly: true);

        Assert.Equal(before, bench.Candidate.Current.Etag);
    }

    [Theory]
    [InlineData(DefaultPolicy.Open, 0)]
    [InlineData(DefaultPolicy.RouterOnAStick, 5)]
    [InlineData(DefaultPolicy.TwoPorts, 2)]
    public async Task It_begins_with_the_default_policy_and_those_that_are_shipped_have_no_faults(string name, int zones)
    {
        var policy = DefaultPolicy.Named(name);
        using var bench = await RuleBench.OpenAsync();
        bench.Default = policy;
        await bench.ReopenAsync();

        Assert.Equal(zones, bench.Candidate.Current.Policy.Zones.Count);
        Assert.Empty(bench.Check.FaultsOf(policy.Policy));
    }

    [Fact]
    public void Router_on_a_stick_keeps_things_and_guests_to_the_internet()
    {
        var policy = DefaultPolicy.Named(DefaultPolicy.RouterOnAStick).Policy;

        var open = policy.Defaults.Where(entry => entry.Action == RuleAction.Accept).Select(entry => (entry.Source, entry.Destination)).ToHashSet();

        Assert.Equal([("guest", "wan"), ("iot", "wan"), ("lan", "iot"), ("lan", "wan")], open.Where(pair => pair.Source is "lan" or "iot" or "guest").Order());
        Assert.Equal("wan", Assert.Single(policy.Rules, rule => rule.Action == RuleAction.Masquerade).Match.DestinationZones.Single());
        Assert.True(policy.Protections is { AntiSpoofing: true, DropBogons: true, NewTcpPerSecond: > 0, ConnectionsPerDevice: > 0 });
    }
}
