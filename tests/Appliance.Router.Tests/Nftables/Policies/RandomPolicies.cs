using System.Net;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Policy;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>Policies of three zones and up to twelve rules with every kind of match but times and rates, the same for the same seed.</summary>
internal sealed class RandomPolicies(Random random, DateTimeOffset now)
{
    private static readonly string[] Networks =
    [
        "10.71.1.0/24", "10.71.1.8/29", "10.71.1.12/32", "10.71.3.0/24", "10.71.3.10/31", "10.0.0.0/8", "45.71.0.0/16", "45.71.2.12/30", "9.0.0.0/8", "0.0.0.0/0",
        "fd71:1::/64", "fd71:1::10/124", "fd71:1::12/128", "fd71:3::/64", "fd00::/8", "2a00:71::/32", "2a00:71:2::13/128", "2620:fe::/32", "::/0",
    ];

    private static readonly PortRange[] Ports =
        [new(22, 22), new(53, 53), new(80, 80), new(443, 443), new(1000, 1999), new(1500, 2500), new(2000, 2000), new(5000, 5010), new(1, 1023), new(1, 65535), new(7443, 8443)];

    private static readonly PortRange[] SourcePorts = [new(1, 9999), new(10_000, 11_999), new(10_500, 30_000), new(12_000, 12_000), new(30_001, 65_535)];
    private static readonly byte[][] Protocols = [[6], [17], [1], [58], [6, 17], [1, 58], [1, 6], [17, 58, 6], [253]];
    private static readonly byte[] IcmpTypes = [0, 1, 3, 8, 11, 13, 128, 129];
    private static readonly string[] Feeds = ["near", "far-6", "never_fetched"];

    // Ids may be written in every letter that an id may have.
    private static readonly string[] Ids = ["a", "B-2", "c_3", "0d", "e", "f-", "g", "9", "-h", "i_", "J", "k"];

    public FirewallState Next()
    {
        var zones = Zones();
        var names = zones.Select(zone => zone.Name).Append(Zone.Gateway).ToList();
        var policy = new FirewallPolicy(zones, [.. Defaults(names)], new Protections { AntiSpoofing = Chance(50), DropBogons = Chance(50) }, [.. Rules(names)]);
        return new FirewallState([.. Blocks()], Chance(20) ? [Range("10.71.1.10/32"), Range("fd71:3::/64")] : [])
        {
            Policy = policy,
            Devices = [.. Devices()],
            AddressSets =
            [
                new AddressSet("near", [Range("10.71.1.12/30"), Range("9.0.0.0/8"), Range("fd71:1::14/127"), Range("45.71.2.10/32")]),
                new AddressSet("far-6", [Range("2a00:71:2::/64"), Range("2620:fe::/32")]),
                new AddressSet("unnamed", [Range("0.0.0.0/0")]),
            ],
        };
    }

    private List<Zone> Zones()
    {
        List<Zone> zones =
        [
            new(PolicyLab.LanZone, ["lan"]) { IsManagement = Chance(50), IsServed = Chance(50) },
            new(PolicyLab.WanZone, ["wan"]) { IsOutside = Chance(80), IsManagement = Chance(10) },
        ];
        if (Chance(85))
        {
            zones.Add(new(PolicyLab.IotZone, ["iot", "iot.10"]) { IsServed = Chance(50) });
        }

        return zones;
    }

    private IEnumerable<ZoneDefault> Defaults(List<string> names) =>
        from source in names
        from destination in names
        where (source != Zone.Gateway || destination != Zone.Gateway) && Chance(60)
        select new ZoneDefault(source, destination, Any([RuleAction.Accept, RuleAction.Accept, RuleAction.Drop, RuleAction.Reject]));

    private IEnumerable<PolicyRule> Rules(List<string> names) => Enumerable.Range(0, random.Next(13)).Select(index =>
    {
        var action = Any([.. Enumerable.Repeat(RuleAction.Accept, 6), .. Enumerable.Repeat(RuleAction.Drop, 5), RuleAction.Reject, RuleAction.Reject, RuleAction.Reject, RuleAction.Audit, RuleAction.Audit, RuleAction.Audit, RuleAction.Masquerade, RuleAction.SourceNat]);
        var match = action is RuleAction.Masquerade or RuleAction.SourceNat ? Translated(names) : Match(names);
        return new PolicyRule(Ids[index], "rule", random.Next(6), match, action)
        {
            IsDisabled = Chance(8),
            IsLogged = Chance(20),
            TranslateTo = action == RuleAction.SourceNat ? IPAddress.Parse("45.71.2.77") : null,
        };
    });

    // The contract says of translation that it is by zone; what the gateway itself sends is none's business.
    private RuleMatch Translated(List<string> names) => new()
    {
        SourceZones = Some([.. names.Where(name => name != Zone.Gateway)], 100),
        DestinationZones = Some([.. names.Where(name => name != Zone.Gateway)], 100),
        SourceNetworks = [.. Some(Networks, 20).Select(Range)],
        Protocols = Chance(20) ? Any(Protocols) : [],
        DestinationPorts = Some(Ports, 20),
    };

    private RuleMatch Match(List<string> names) => new()
    {
        SourceZones = Some(names, 45),
        DestinationZones = Some(names, 45),
        SourceNetworks = [.. Some(Networks, 25).Select(Range)],
        DestinationNetworks = [.. Some(Networks, 25).Select(Range)],
        SourceDevices = [.. Some([0, 1, 2, 3], 12).Select(index => RandomPackets.Mac(Any(["lan", "iot", "wan"]), index))],
        SourceFeeds = Some(Feeds, 8),
        DestinationFeeds = Some(Feeds, 8),
        Protocols = Chance(30) ? Any(Protocols) : [],
        DestinationPorts = Some(Ports, 25),
        SourcePorts = Some(SourcePorts, 12),
        IcmpTypes = Some(IcmpTypes, 10),
        States = Some([ConnectionState.New, ConnectionState.Established, ConnectionState.Related, ConnectionState.Invalid], 20),
    };

    private IEnumerable<Block> Blocks()
    {
        if (Chance(30))
        {
            var (target, action) = Any([
                (Target("10.71.1.10"), BlockAction.Drop), (Target("45.71.2.11"), BlockAction.Drop), (Target("fd71:3::12"), BlockAction.Drop), (Target("9.1.2.3"), BlockAction.Drop),
                (Target(RandomPackets.Mac("lan", 0).ToString()), BlockAction.Drop), (Target(RandomPackets.Mac("iot", 1).ToString()), BlockAction.Quarantine)]);
            yield return Make(target, action, 0, now, Chance(80) ? 3600 : -1) with { IsDryRun = Chance(10) };
        }
    }

    private IEnumerable<LimitedDevice> Devices() =>
        from cable in new[] { "lan", "iot" }
        where Chance(20)
        select new LimitedDevice(Target(RandomPackets.Mac(cable, 2).ToString()), Any([DeviceLimit.LanOnly, DeviceLimit.InternetOnly, DeviceLimit.Resting]));

    private List<T> Some<T>(IReadOnlyList<T> all, int percent)
    {
        var some = new List<T>();
        if (Chance(percent))
        {
            for (var count = 1 + random.Next(3); count > 0; count--)
            {
                some.Add(Any(all));
            }
        }

        return some;
    }

    private bool Chance(int percent) => random.Next(100) < percent;

    private T Any<T>(IReadOnlyList<T> all) => all[random.Next(all.Count)];
}
