using System.Net;
using Appliance.Router.Decoding;
using Appliance.Router.Rules.Policy;
using Appliance.Router.Tests.Rules.Changes;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Rules.Policy;

public sealed class PolicyCheckTests
{
    private static readonly PolicyCheck Check = new(new Feeds());

    public static TheoryData<string, string, FirewallPolicy> WrongPolicies => new()
    {
        { "zones[3].name", "is 'DMZ'; use 1 to 32 of a-z", Add(new Zone("DMZ", [])) },
        { "zones[3].name", "is 'gateway', which is the gateway itself", Add(new Zone("gateway", [])) },
        { "zones", "has 'iot' 2 times", Add(new Zone("iot", ["eth7"])) },
        { "zones", "has interface 'eth2' in 'iot', 'dmz'", Add(new Zone("dmz", ["eth2"])) },
        { "zones[3].interfaces[0]", "is 'eth 7'", Add(new Zone("dmz", ["eth 7"])) },
        { "zones[3].interfaces[0]", "is 'a\" drop'", Add(new Zone("dmz", ["a\" drop"])) },
        { "zones[3].interfaces[0]", "is 'eth*'", Add(new Zone("dmz", ["eth*"])) },
        { "zones[3].interfaces[0]", "is 'abcdefghijklmnop'", Add(new Zone("dmz", ["abcdefghijklmnop"])) },
        { "zones[3].interfaces[0]", "is 'lo', by which the gateway talks to itself", Add(new Zone("dmz", ["lo"])) },
        { "zones", "none with an interface has management set; nobody would reach", SamplePolicies.House with { Zones = [new Zone("lan", []) { IsManagement = true }, new Zone("wan", ["eth0"])], Defaults = [] } },
        { "zones", "are none, and 1 rules are enabled", FirewallPolicy.Open with { Rules = [Rule(RuleMatch.Everything)] } },
        { "zone_defaults[1].source_zone", "is 'attic'", Default(new ZoneDefault("attic", "wan", RuleAction.Drop)) },
        { "zone_defaults[1].destination_zone", "is 'attic'", Default(new ZoneDefault("lan", "attic", RuleAction.Drop)) },
        { "zone_defaults[1].action", "is Masquerade; give ACTION_ACCEPT", Default(new ZoneDefault("iot", "wan", RuleAction.Masquerade)) },
        { "zone_defaults[1]", "from 'gateway' to itself", Default(new ZoneDefault("gateway", "gateway", RuleAction.Drop)) },
        { "zone_defaults", "says Accept and Drop for 'lan' to 'wan'", Default(new ZoneDefault("lan", "wan", RuleAction.Drop)) },
        { "protections.new_tcp_per_second", "is 1000001", SamplePolicies.House with { Protections = new Protections { NewTcpPerSecond = 1_000_001 } } },
        { "protections.connections_per_device", "is 1000001", SamplePolicies.House with { Protections = new Protections { ConnectionsPerDevice = 1_000_001 } } },
        { "rules", "has 2 rules with the id 'a'", SamplePolicies.With(SamplePolicies.Drop("a"), SamplePolicies.Drop("a")) },
        { "rules", "are 1001", SamplePolicies.With([.. Enumerable.Range(0, 1001).Select(number => SamplePolicies.Drop($"r{number}"))]) },
    };

    public static TheoryData<string, string, PolicyRule> WrongRules => new()
    {
        { "id", "is 'A b'", SamplePolicies.Drop("A b") },
        { "name", "has 101 characters", SamplePolicies.Drop("a") with { Name = new string('x', 101) } },
        { "name", "has control characters", SamplePolicies.Drop("a") with { Name = "a\nb" } },
        { "order", "is -1", SamplePolicies.Drop("a", -1) },
        { "forward_to", "and the action is Drop", SamplePolicies.Drop("a") with { ForwardTo = new IPEndPoint(0, 80) } },
        { "translate_to", "and the action is Drop", SamplePolicies.Drop("a") with { TranslateTo = IPAddress.Any } },
        { "match.source_zones[0]", "is 'attic', and the zones are 'lan', 'iot', 'wan', 'gateway'", Rule(new RuleMatch { SourceZones = ["attic"] }) },
        { "match.destination_zones[1]", "is 'attic'", Rule(new RuleMatch { DestinationZones = ["lan", "attic"] }) },
        { "match.source_zones", "write a rule of its own for 'gateway'", Rule(new RuleMatch { SourceZones = ["gateway", "lan"] }) },
        { "match.destination_zones", "what the gateway sends to itself", Rule(new RuleMatch { SourceZones = ["gateway"], DestinationZones = ["gateway"] }) },
        { "match.source_feed_ids[0]", "no feed has that id", Rule(new RuleMatch { SourceFeeds = ["none"] }) },
        { "match.destination_feed_ids[1]", "a feed that drops by itself", Rule(new RuleMatch { DestinationFeeds = ["geo", "drop"] }) },
        { "match.protocols", "are 6, 1, and ports are set", Rule(new RuleMatch { Protocols = [6, 1], DestinationPorts = [new PortRange(80, 80)] }) },
        { "match.protocols", "are 17, and icmp_types are set", Rule(new RuleMatch { Protocols = [17], IcmpTypes = [8] }) },
        { "match.icmp_types", "no packet has both", Rule(new RuleMatch { SourcePorts = [new PortRange(80, 80)], IcmpTypes = [8] }) },
        { "match.over_packets_per_second", "is 1000001", Rule(new RuleMatch { OverPacketsPerSecond = 1_000_001 }) },
        { "match.destination_networks", "no packet is IPv4 and IPv6 at once", Rule(new RuleMatch { SourceNetworks = [Range("10.0.0.0/8")], DestinationNetworks = [Range("2001:db8::/32")] }) },
        { "match.source_device_ids", "has 257 entries", Rule(new RuleMatch { SourceDevices = [.. Enumerable.Range(1, 257).Select(number => new MacAddress((ulong)number))] }) },
        { "forward_to", "is empty; say where to", Forward(match => match, to: null) },
        { "match.source_zones", "are none; a forward needs", Forward(match => match with { SourceZones = [] }) },
        { "match.destination_zones", "are 'lan'; where a forwarded connection goes", Forward(match => match with { DestinationZones = ["lan"] }) },
        { "match.destination_ports", "are none; name the ports", Forward(match => match with { DestinationPorts = [] }) },
        { "match.destination_ports", "by which the gateway is managed from 'lan'; you would be locked out", Forward(match => match with { SourceZones = ["lan"], DestinationPorts = [new PortRange(7000, 8000)] }) },
        { "match.connection_states", "decided once, by the first packet", Forward(match => match with { States = [ConnectionState.Established] }) },
        { "match.over_packets_per_second", "can't depend on a rate", Forward(match => match with { OverPacketsPerSecond = 5 }) },
        { "match.source_networks", "has ::/0, and Forward is for IPv4 only", Forward(match => match with { SourceNetworks = [Range("::/0")] }) },
        { "match.destination_zones", "are none; Masquerade needs the zones", Rule(RuleMatch.Everything) with { Action = RuleAction.Masquerade } },
        { "match.protocols", "has ICMPv6 (58)", Rule(new RuleMatch { DestinationZones = ["wan"], Protocols = [58] }) with { Action = RuleAction.Masquerade } },
        { "match.source_device_ids", "has no such address any more", Rule(new RuleMatch { DestinationZones = ["wan"], SourceDevices = [new MacAddress(1)] }) with { Action = RuleAction.Masquerade } },
        { "translate_to", "is empty; give the IPv4 address", Rule(new RuleMatch { DestinationZones = ["wan"] }) with { Action = RuleAction.SourceNat } },
    };

    [Fact]
    public void A_policy_that_says_what_it_means_has_no_faults()
    {
        var policy = SamplePolicies.With(
            SamplePolicies.Drop("a"),
            Rule(new RuleMatch { SourceFeeds = ["geo"], DestinationPorts = [new PortRange(80, 90)], Protocols = [6, 17], States = [ConnectionState.Established] }),
            Forward(match => match) with { Id = "web" },
            Rule(new RuleMatch { DestinationZones = ["wan"] }) with { Id = "out", Action = RuleAction.Masquerade });

        Assert.Empty(Check.FaultsOf(policy));
        Assert.Empty(Check.FaultsOf(FirewallPolicy.Open));
    }

    [Theory]
    [MemberData(nameof(WrongPolicies))]
    public void A_wrong_policy_is_told_by_field_value_and_way_out(string field, string fault, FirewallPolicy policy)
    {
        var found = Assert.Single(Check.FaultsOf(policy));

        Assert.Equal(field, found.Field);
        Assert.Contains(fault, found.Fault);
    }

    [Theory]
    [MemberData(nameof(WrongRules))]
    public void A_wrong_rule_is_told_by_field_value_and_way_out(string field, string fault, PolicyRule rule)
    {
        var found = Assert.Single(Check.FaultsOf(SamplePolicies.With(rule)));

        Assert.Equal($"rules[0].{field}", found.Field);
        Assert.Contains(fault, found.Fault);
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var policy = SamplePolicies.With(SamplePolicies.Drop("A"), Rule(new RuleMatch { SourceZones = ["attic"], Protocols = [1], DestinationPorts = [new PortRange(1, 1)] }));

        var faults = Check.FaultsOf(policy);

        Assert.Equal(["rules[0].id", "rules[1].match.source_zones[0]", "rules[1].match.protocols"], faults.Select(fault => fault.Field));
    }

    private static FirewallPolicy Add(Zone zone) => SamplePolicies.House with { Zones = [.. SamplePolicies.House.Zones, zone] };

    private static FirewallPolicy Default(ZoneDefault entry) => SamplePolicies.House with { Defaults = [.. SamplePolicies.House.Defaults, entry] };

    private static PolicyRule Rule(RuleMatch match) => new("rule", "", 10, match, RuleAction.Drop);

    private static PolicyRule Forward(Func<RuleMatch, RuleMatch> change) => Forward(change, new IPEndPoint(IPAddress.Parse("192.168.1.10"), 8080));

    private static PolicyRule Forward(Func<RuleMatch, RuleMatch> change, IPEndPoint? to) =>
        Rule(change(new RuleMatch { SourceZones = ["wan"], DestinationPorts = [new PortRange(80, 80)] })) with { Action = RuleAction.Forward, ForwardTo = to };

    private sealed class Feeds : IFeedNames
    {
        public bool? IsMatchOnly(string feedId) => feedId switch
        {
            "geo" => true,
            "drop" => false,
            _ => null,
        };
    }
}
