using System.Net;
using Appliance.Router.Decoding;
using Appliance.Router.Nftables;
using Appliance.Router.Nftables.Rendering;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Policy;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Nftables.Rendering;

/// <summary>Policies as the kernel's rules: what real nft takes, and what it is told.</summary>
public sealed class PolicyRenderingTests
{
    private static readonly FirewallPolicy Full = new(
        [
            new Zone("wan", ["eth0", "eth0.2"]) { IsOutside = true },
            new Zone("lan", ["eth1"]) { IsManagement = true, IsServed = true },
            new Zone("iot", ["eth0.20"]) { IsServed = true },
            new Zone("empty", []),
        ],
        [new ZoneDefault("lan", "wan", RuleAction.Accept), new ZoneDefault("lan", "gateway", RuleAction.Reject), new ZoneDefault("gateway", "iot", RuleAction.Drop), new ZoneDefault("iot", "lan", RuleAction.Reject)],
        new Protections { AntiSpoofing = true, DropBogons = true, NewTcpPerSecond = 100, ConnectionsPerDevice = 500 },
        [
            Rule("everything", RuleAction.Accept, RuleMatch.Everything),
            Rule("both-families", RuleAction.Reject, new RuleMatch
            {
                SourceZones = ["iot", "gateway"],
                DestinationZones = ["lan", "gateway", "wan"],
                SourceNetworks = [Range("10.0.0.0/8"), Range("10.1.0.0/16"), Range("fd00::/8")],
                DestinationNetworks = [Range("10.9.0.1"), Range("2001:db8::1")],
                Protocols = [6],
                DestinationPorts = [new PortRange(80, 80), new PortRange(443, 500), new PortRange(490, 600)],
                SourcePorts = [new PortRange(1024, 65535)],
                SourceDevices = [new MacAddress(0x02005E005301)],
                States = [ConnectionState.New],
                OverPacketsPerSecond = 20,
            }) with { IsLogged = true },
            Rule("pings", RuleAction.Audit, new RuleMatch { IcmpTypes = [8, 128] }) with { IsLogged = true },
            Rule("early", RuleAction.Drop, new RuleMatch { States = [ConnectionState.Established, ConnectionState.Related], Times = [new DayTimes([], new TimeOnly(22, 0), new TimeOnly(6, 0))] }),
            Rule("sets", RuleAction.Drop, new RuleMatch { SourceFeeds = ["bad", "unknown"], DestinationFeeds = ["bad"] }),
            Rule("weekend", RuleAction.Drop, new RuleMatch { Times = [new DayTimes([DayOfWeek.Saturday, DayOfWeek.Sunday], new TimeOnly(20, 30), new TimeOnly(7, 15))] }),
            Rule("out", RuleAction.Masquerade, new RuleMatch { DestinationZones = ["wan"] }) with { IsLogged = true },
            Rule("static", RuleAction.SourceNat, new RuleMatch { SourceZones = ["lan"], DestinationZones = ["wan"], SourceNetworks = [Range("10.2.0.0/16"), Range("fd00::/8")] }) with { TranslateTo = IPAddress.Parse("192.0.2.7") },
            Rule("web", RuleAction.Forward, new RuleMatch { SourceZones = ["wan"], Protocols = [6], DestinationPorts = [new PortRange(8080, 8081)] }) with { ForwardTo = new IPEndPoint(IPAddress.Parse("10.2.0.9"), 80) },
            Rule("host", RuleAction.Forward, new RuleMatch { SourceZones = ["wan"], DestinationNetworks = [Range("192.0.2.8")] }) with { ForwardTo = new IPEndPoint(IPAddress.Parse("10.2.0.8"), 0) },
            Rule("port-alone", RuleAction.Forward, new RuleMatch { SourceZones = ["wan"], DestinationNetworks = [Range("192.0.2.9")] }) with { ForwardTo = new IPEndPoint(IPAddress.Parse("10.2.0.8"), 99) },
        ]);

    private static readonly FirewallState State = new([Drop("10.0.0.1", 60)], [Range("127.0.0.0/8"), Range("fe80::/10")])
    {
        Policy = Full,
        Devices = [new LimitedDevice(Target("02:00:5e:00:53:01"), DeviceLimit.LanOnly), new LimitedDevice(Target("02:00:5e:00:53:02"), DeviceLimit.Resting), new LimitedDevice(Target("02:00:5e:00:53:03"), DeviceLimit.InternetOnly)],
        AddressSets = [new AddressSet("bad", [Range("198.51.100.0/24"), Range("198.51.101.7"), Range("2001:db8:bad::/48")])],
    };

    [Fact]
    public async Task Kernel_takes_every_kind_of_rule_and_twice_is_once()
    {
        using var place = new TestNamespace();
        var nft = new NftProgram(place.Inside, TimeProvider.System);
        var script = RulesetText.Render(State, Start);

        await nft.CheckAsync(script, CancellationToken.None);
        await nft.ApplyAsync(script, CancellationToken.None);
        var once = place.Nft("-s", "list", "table", "inet", "appliance");
        await nft.ApplyAsync(RulesetText.Render(State, Start), CancellationToken.None);

        Assert.Equal(once, place.Nft("-s", "list", "table", "inet", "appliance"));
        Assert.All(Full.Rules, rule => Assert.Contains($"counter rule_{rule.Id} ", once));
    }

    [Fact]
    public void Rendering_is_the_same_each_time() => Assert.Equal(RulesetText.Render(State, Start), RulesetText.Render(State, Start));

    [Theory]
    [InlineData("22:00", "06:00", 0, "meta hour \"22:00:00\"-\"23:59:59\"|meta hour \"00:00:00\"-\"05:59:59\"")]
    [InlineData("22:00", "06:00", 120, "meta hour \"20:00:00\"-\"23:59:59\"|meta hour \"00:00:00\"-\"03:59:59\"")]
    [InlineData("22:00", "06:00", -300, "meta hour \"03:00:00\"-\"10:59:59\"")]
    [InlineData("08:00", "09:30", 0, "meta hour \"08:00:00\"-\"09:29:59\"")]
    [InlineData("00:00", "00:00", 60, "meta hour \"23:00:00\"-\"23:59:59\"|meta hour \"00:00:00\"-\"22:59:59\"")]
    public void Times_of_every_day_are_turned_to_UTC(string start, string end, int offset, string expected) =>
        Assert.Equal(expected, string.Join('|', UtcTimes.Conditions(new DayTimes([], TimeOnly.Parse(start), TimeOnly.Parse(end)), TimeSpan.FromMinutes(offset))));

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    [InlineData(-570)]
    [InlineData(840)]
    public void Times_of_some_days_hold_in_UTC_when_they_hold_here(int offset)
    {
        var times = new DayTimes([DayOfWeek.Saturday, DayOfWeek.Sunday], new TimeOnly(20, 30), new TimeOnly(7, 15));
        var conditions = UtcTimes.Conditions(times, TimeSpan.FromMinutes(offset)).ToList();
        var week = Enumerable.Range(0, 7 * 24 * 4).Select(quarter => new DateTime(2026, 11, 22, 0, 0, 0, DateTimeKind.Unspecified).AddMinutes(quarter * 15));

        Assert.All(week, utc => Assert.Equal(times.Contains(utc.AddMinutes(offset)), conditions.Exists(condition => Holds(condition, utc))));
    }

    [Theory]
    [InlineData("a\"; drop")]
    [InlineData("eth0 eth1")]
    [InlineData("eth*")]
    [InlineData("")]
    [InlineData("an-interface-too-long")]
    public void Interface_name_that_could_end_a_word_is_refused(string name)
    {
        var policy = Full with { Zones = [new Zone("wan", [name])], Rules = [], Defaults = [] };

        Assert.Throws<ArgumentException>(() => RulesetText.Render(State with { Policy = policy }, Start));
    }

    private static PolicyRule Rule(string id, RuleAction action, RuleMatch match) => new(id, $"The rule {id}.", 10, match, action);

    // "meta day { "Sunday" } meta hour "00:00:00"-"05:59:59""
    private static bool Holds(string condition, DateTime utc)
    {
        var words = condition.Split('"');
        var hours = words[^4..];
        return condition.Contains($"\"{utc.DayOfWeek}\"", StringComparison.Ordinal)
            && TimeOnly.FromDateTime(utc) >= TimeOnly.Parse(hours[0])
            && TimeOnly.FromDateTime(utc) <= TimeOnly.Parse(hours[2]);
    }
}
