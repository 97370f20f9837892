using Appliance.Router.Rules;
using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>What passes from zone to zone when no rule decides.</summary>
public sealed class ZoneTests : IDisposable
{
    private readonly PolicyLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task Every_pair_of_zones_has_the_default_that_is_named_for_it_and_no_other()
    {
        _lab.Hush();
        RuleAction[] actions = [RuleAction.Accept, RuleAction.Drop, RuleAction.Reject, RuleAction.None];
        var pairs = PolicyLab.Pairs.ToList();

        for (var shift = 0; shift < actions.Length; shift++)
        {
            var chosen = pairs.Select((pair, index) => new ZoneDefault(pair.Source, pair.Destination, actions[(index + shift) % actions.Length])).ToList();
            await _lab.ApplyAsync(PolicyLab.Policy() with { Defaults = [.. chosen.Where(one => one.Action != RuleAction.None)] });

            var outcomes = _lab.Send([.. chosen.SelectMany(Packets)]);

            Assert.Equal(chosen.SelectMany(one => Enumerable.Repeat((one, FateOf(one)), 4)), chosen.SelectMany(one => Enumerable.Repeat(one, 4)).Zip(outcomes.Select(outcome => outcome.Fate)));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cable_of_no_zone_leads_nowhere(bool isIPv6)
    {
        var policy = PolicyLab.Policy(RuleAction.Accept);
        await _lab.ApplyAsync(policy with
        {
            Zones = [.. policy.Zones.Where(zone => zone.Name != PolicyLab.IotZone)],
            Defaults = [.. policy.Defaults.Where(one => one.Source != PolicyLab.IotZone && one.Destination != PolicyLab.IotZone)],
        });

        var outcomes = _lab.Send(
        [
            ("iot", Packet.Tcp(_lab.Iot.Silent(isIPv6), _lab.Lan.Silent(isIPv6), 80)),
            ("iot", Packet.Udp(_lab.Iot.Silent(isIPv6), _lab.Iot.Gateway(isIPv6), 53)),
            ("lan", Packet.Udp(_lab.Lan.Silent(isIPv6), _lab.Iot.Silent(isIPv6), 80)),
            ("lan", Packet.Udp(_lab.Lan.Silent(isIPv6), _lab.Wan.Silent(isIPv6), 80)),
        ]);

        Assert.Equal([Fate.Dropped, Fate.Dropped, Fate.Dropped, Fate.Passed], outcomes.Select(outcome => outcome.Fate));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_cables_of_one_zone_are_one_zone(bool isIPv6)
    {
        await _lab.ApplyAsync(new FirewallPolicy(
            [new Zone("site", ["lan", "iot"]), new Zone(PolicyLab.WanZone, ["wan"])],
            [new ZoneDefault("site", PolicyLab.WanZone, RuleAction.Accept)],
            new Protections(),
            []));

        var apart = _lab.Send([.. FromSite(isIPv6)]);
        await _lab.ApplyAsync(new FirewallPolicy([new Zone("site", ["lan", "iot"])], [new ZoneDefault("site", "site", RuleAction.Accept)], new Protections(), []));
        var together = _lab.Send([.. FromSite(isIPv6)]);

        Assert.Equal(["wan", "wan", ""], apart.Select(outcome => outcome.Place));
        Assert.Equal(["", "", "iot"], together.Select(outcome => outcome.Place));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Policy_without_zones_decides_nothing(bool isIPv6)
    {
        await _lab.ApplyAsync(new FirewallPolicy(
            [],
            [],
            new Protections { AntiSpoofing = true, DropBogons = true, NewTcpPerSecond = 1, ConnectionsPerDevice = 1 },
            [PolicyLab.Rule("all", RuleAction.Drop), PolicyLab.Rule("known", RuleAction.Reject, new RuleMatch { States = [ConnectionState.Established, ConnectionState.Invalid] })]));

        var outcomes = _lab.Send(
        [
            ("lan", Packet.Tcp(_lab.Lan.Silent(isIPv6), _lab.Wan.Silent(isIPv6), 80)),
            ("wan", Packet.Tcp(_lab.Lan.Silent(isIPv6), _lab.Iot.Silent(isIPv6), 80, 40_001)),
            ("wan", Packet.Udp(_lab.Wan.Silent(isIPv6), _lab.Iot.Silent(isIPv6), 80, 40_002)),
            ("iot", Packet.Udp(_lab.Iot.Silent(isIPv6), _lab.Iot.Gateway(isIPv6), 9)),
            ("lan", Packet.Tcp(_lab.Lan.Silent(isIPv6), _lab.Wan.Silent(isIPv6), 80, 40_003, flags: 0)),
        ]);

        Assert.All(outcomes, outcome => Assert.Equal(Fate.Passed, outcome.Fate));
        Assert.DoesNotContain(_lab.ReadHits(), hits => hits.Value > 0);
    }

    private IEnumerable<(string From, Packet Packet)> FromSite(bool isIPv6)
    {
        yield return ("lan", Packet.Tcp(_lab.Lan.Silent(isIPv6), _lab.Wan.Silent(isIPv6), 80));
        yield return ("iot", Packet.Tcp(_lab.Iot.Silent(isIPv6), _lab.Wan.Silent(isIPv6), 80));
        yield return ("lan", Packet.Tcp(_lab.Lan.Silent(isIPv6), _lab.Iot.Silent(isIPv6), 80));
    }

    // Ports that the gateway offers nobody by itself.
    private IEnumerable<(string From, Packet Packet)> Packets(ZoneDefault one)
    {
        foreach (var isIPv6 in new[] { false, true })
        {
            var source = one.Source == Zone.Gateway ? StationOf(one.Destination).Gateway(isIPv6) : StationOf(one.Source).Silent(isIPv6);
            var destination = one.Destination == Zone.Gateway ? StationOf(one.Source).Gateway(isIPv6) : StationOf(one.Destination).Silent(isIPv6, 1);
            var from = one.Source == Zone.Gateway ? PolicyLab.Gateway : StationOf(one.Source).Cable;
            yield return (from, Packet.Tcp(source, destination, 8000));
            yield return (from, Packet.Udp(source, destination, 8000));
        }
    }

    private Station StationOf(string zone) => _lab.Stations[PolicyLab.ZoneNames.ToList().IndexOf(zone)];

    private static Fate FateOf(ZoneDefault one) => one.Action switch
    {
        RuleAction.Accept => Fate.Passed,
        RuleAction.Reject => Fate.Refused,
        // A pair that nobody names is dropped; what the gateway itself sends is not.
        RuleAction.None when one.Source == Zone.Gateway => Fate.Passed,
        _ => Fate.Dropped,
    };
}
