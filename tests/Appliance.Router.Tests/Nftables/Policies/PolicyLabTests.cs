using Appliance.Router.Rules;
using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>That the lab sees what passes and what does not, before anything is proven by it.</summary>
public sealed class PolicyLabTests : IDisposable
{
    private readonly PolicyLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_zones_every_packet_is_seen_where_it_goes(bool isIPv6)
    {
        await _lab.ApplyAsync(FirewallPolicy.Open);

        var outcomes = _lab.Send([.. Ways(isIPv6)]);

        Assert.Equal(["wan", "iot", "gateway", "lan", "iot", "lan", "gateway", "wan", "lan"], outcomes.Select(outcome => outcome.Place));
        Assert.All(outcomes, outcome => Assert.Single(outcome.Arrivals));
        Assert.All(outcomes, outcome => Assert.Null(outcome.Refusal));
    }

    [Fact]
    public async Task What_the_kernel_drops_or_refuses_is_told_apart()
    {
        await _lab.ApplyAsync(FirewallPolicy.Open);
        _lab.Router.NftScript("""
            table inet lab {
              chain forward { type filter hook forward priority 10
                th dport 1 drop
                meta l4proto tcp th dport 2 reject with tcp reset
                th dport 2 reject with icmpx admin-prohibited
              }
            }

            """);

        var fates = new[] { false, true }.Select(isIPv6 => _lab.Send(
        [
            ("lan", Packet.Tcp(_lab.Lan.Silent(isIPv6), _lab.Wan.Silent(isIPv6), 1)),
            ("lan", Packet.Udp(_lab.Lan.Silent(isIPv6), _lab.Wan.Silent(isIPv6), 1)),
            ("lan", Packet.Tcp(_lab.Lan.Silent(isIPv6), _lab.Wan.Silent(isIPv6), 2)),
            ("lan", Packet.Tcp(_lab.Lan.Silent(isIPv6), _lab.Wan.Silent(isIPv6), 2, 40_001, Packet.Ack)),
            ("lan", Packet.Udp(_lab.Lan.Silent(isIPv6), _lab.Wan.Silent(isIPv6), 2)),
            ("lan", Packet.Udp(_lab.Lan.Silent(isIPv6), _lab.Wan.Silent(isIPv6), 3)),
        ]).Select(outcome => outcome.Fate));

        Assert.All(fates, each => Assert.Equal([Fate.Dropped, Fate.Dropped, Fate.Refused, Fate.Refused, Fate.Refused, Fate.Passed], each));
    }

    private IEnumerable<(string From, Packet Packet)> Ways(bool isIPv6)
    {
        var (lan, iot, wan) = (_lab.Lan.Silent(isIPv6), _lab.Iot.Silent(isIPv6), _lab.Wan.Silent(isIPv6));
        yield return ("lan", Packet.Tcp(lan, wan, 80));
        yield return ("lan", Packet.Udp(lan, iot, 53));
        yield return ("lan", Packet.Udp(lan, _lab.Lan.Gateway(isIPv6), 53));
        yield return ("wan", Packet.Tcp(wan, lan, 80));
        yield return ("wan", Packet.Echo(wan, iot));
        yield return ("iot", Packet.Udp(iot, lan, 5000));
        yield return ("iot", new Packet(iot, _lab.Iot.Gateway(isIPv6), Packet.Experiment));
        yield return (PolicyLab.Gateway, Packet.Tcp(_lab.Wan.Gateway(isIPv6), wan, 443));
        yield return (PolicyLab.Gateway, Packet.Echo(_lab.Lan.Gateway(isIPv6), lan));
    }
}
