using System.Net;
using System.Net.Sockets;
using Appliance.Router.Nftables;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>A gateway with two networks of the site and the internet on its cables, IPv4 and IPv6.</summary>
/// <remarks>The internet's addresses are real ones, as those for documentation are among what an outside zone never sends; nothing leaves the namespaces.</remarks>
internal sealed class PolicyLab : IDisposable
{
    /// <summary>Where what reaches the gateway itself is seen.</summary>
    public const string Gateway = "gateway";

    public const string LanZone = "home";
    public const string IotZone = "things";
    public const string WanZone = "net";

    public static readonly IReadOnlyList<string> ZoneNames = [LanZone, IotZone, WanZone];

    // Packets over virtual cables are where they go before the next one; this only ends the wait in a lab that is broken.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TestNamespace _router = new();
    private readonly TimeProvider _clock;
    private KernelSets? _sets;
    private ConnectionCutter? _cutter;
    private NftablesFirewall? _firewall;
    private LocalEnd? _local;
    private uint _lastMark;

    public PolicyLab(TimeProvider? clock = null)
    {
        _clock = clock ?? TimeProvider.System;
        Lan = new Station("lan", "10.71.1", "fd71:1:0:0", 1);
        Iot = new Station("iot", "10.71.3", "fd71:3:0:0", 3);
        Wan = new Station("wan", "45.71.2", "2a00:71:2:0", 2);
        try
        {
            Connect();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Station Lan { get; }

    public Station Iot { get; }

    public Station Wan { get; }

    public TestNamespace Router => _router;

    public IReadOnlyList<Station> Stations => [Lan, Iot, Wan];

    public IFirewall Firewall => Open();

    /// <summary>Zones of all three cables as most policies have them.</summary>
    public static IReadOnlyList<Zone> Zones =>
    [
        new(LanZone, ["lan"]) { IsManagement = true, IsServed = true },
        new(IotZone, ["iot"]) { IsServed = true },
        new(WanZone, ["wan"]) { IsOutside = true },
    ];

    public static FirewallState State(FirewallPolicy policy) => new([], []) { Policy = policy };

    public static FirewallPolicy Policy(params PolicyRule[] rules) => new(Zones, [], new Protections(), rules);

    /// <summary>One thing for every pair of zones, the gateway among them, that no rule decides.</summary>
    public static FirewallPolicy Policy(RuleAction always, params PolicyRule[] rules) => Policy(rules) with
    {
        Defaults = [.. Pairs.Select(pair => new ZoneDefault(pair.Source, pair.Destination, always))],
    };

    /// <summary>All that a default can be for.</summary>
    public static IEnumerable<(string Source, string Destination)> Pairs =>
        from source in ZoneNames.Append(Zone.Gateway)
        from destination in ZoneNames.Append(Zone.Gateway)
        where source != Zone.Gateway || destination != Zone.Gateway
        select (source, destination);

    public static PolicyRule Rule(string id, RuleAction action, RuleMatch? match = null, int order = 0) => new(id, $"The rule {id}.", order, match ?? RuleMatch.Everything, action);

    /// <summary>Three zones and these rules, in force.</summary>
    public Task ApplyAsync(params PolicyRule[] rules) => ApplyAsync(Policy(rules));

    public Task ApplyAsync(FirewallPolicy policy) => ApplyAsync(State(policy));

    public Task ApplyAsync(FirewallState state) => Firewall.ApplyAsync(state, TestContext.Current.CancellationToken);

    public Station At(string cable) => Stations.Single(station => station.Cable == cable);

    /// <summary>Sends one packet from a station's cable.</summary>
    public Outcome Send(Station from, Packet packet) => Send([(from.Cable, packet)])[0];

    /// <summary>Sends packets one after the other, each from a cable or from the gateway itself, and says what became of each.</summary>
    public IReadOnlyList<Outcome> Send(IReadOnlyList<(string From, Packet Packet)> packets)
    {
        var local = _local ??= new LocalEnd(_router);
        var marked = packets.Select(each => each with { Packet = each.Packet with { Mark = ++_lastMark } }).ToList();
        var seen = new List<Sighting>();
        using (new OneCore())
        {
            Discard(local);
            foreach (var (from, packet) in marked)
            {
                if (from == Gateway)
                {
                    local.Send(packet);
                }
                else
                {
                    At(from).Wire.Send(At(from).Frame(packet));
                }
            }

            // Asked behind all of them in the same line, so the answer is behind all that became of them.
            AwaitAnswer(Lan, seen);
        }

        foreach (var station in Stations)
        {
            Drain(station, seen);
        }

        local.Drain(seen);
        return [.. marked.Select(each => Outcome.Of(each.Packet, seen))];
    }

    /// <summary>Packets that each rule has counted.</summary>
    public IReadOnlyDictionary<string, long> ReadHits() => ReadCounters()
        .Where(counter => counter.Key.StartsWith("rule_", StringComparison.Ordinal))
        .ToDictionary(counter => counter.Key["rule_".Length..], counter => counter.Value);

    /// <summary>Packets that each named counter has counted.</summary>
    public IReadOnlyDictionary<string, long> ReadCounters()
    {
        _ = Open();
        return _sets!.ReadCounters(BaseRuleset.Table).ToDictionary(counter => counter.Name, counter => (long)counter.Packets);
    }

    public long ReadHits(string ruleId) => ReadHits()[ruleId];

    /// <summary>The gateway says nothing by itself but what the firewall makes it say, so that closed ports answer nobody.</summary>
    public void Hush() => _router.NftScript($$"""
        table inet hush {
          chain output { type filter hook output priority -450; policy drop
            meta mark {{LocalEnd.Mark}} accept
            ct state related accept
            icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
          }
        }

        """);

    public void Dispose()
    {
        _local?.Dispose();
        _sets?.Dispose();
        _cutter?.Dispose();
        Lan.Dispose();
        Iot.Dispose();
        Wan.Dispose();
        _router.Dispose();
    }

    private NftablesFirewall Open()
    {
        if (_firewall is null)
        {
            _sets = _router.OpenSets();
            _cutter = new ConnectionCutter(_router.OpenNetlink());
            _firewall = new NftablesFirewall(new NftProgram(_router.Inside, TimeProvider.System), _sets, _cutter, _clock, "the lab's gateway");
        }

        return _firewall;
    }

    private void Connect()
    {
        foreach (var place in Stations.Select(station => station.Place).Append(_router))
        {
            // Else link-local addresses are of no use for a second; and these tests are about nftables, not about the kernel's own check.
            place.Set("net/ipv6/conf/default/accept_dad", "0");
            place.Set("net/ipv4/conf/all/rp_filter", "0");
            place.Set("net/ipv4/conf/default/rp_filter", "0");
            place.Set("net/ipv4/conf/default/send_redirects", "0");
        }

        SetRouter();
        Batch(_router,
        [
            .. Stations.SelectMany(station => station.GatewayLines()),
            $"route add default via {Wan.Host4(Station.FirstSilent - 1)}",
            $"route add default via {Wan.Host6(Station.FirstSilent - 1)}",
        ]);
        foreach (var station in Stations)
        {
            Batch(station.Place, [.. station.Lines()]);
            AwaitAnswer(station, []);
        }
    }

    private void SetRouter()
    {
        _router.Set("net/ipv4/ip_forward", "1");
        _router.Set("net/ipv6/conf/all/forwarding", "1");
        _router.Set("net/ipv4/conf/all/send_redirects", "0");

        // Refusals are counted here, one by one.
        _router.Set("net/ipv4/icmp_ratelimit", "0");
        _router.Set("net/ipv4/icmp_msgs_per_sec", "100000");
        _router.Set("net/ipv4/icmp_msgs_burst", "100000");
        _router.Set("net/ipv6/icmp/ratelimit", "0");
    }

    private static void Batch(TestNamespace place, IReadOnlyList<string> lines) =>
        Command.RunWith(string.Join('\n', lines) + "\n", "/usr/sbin/ip", "-n", place.Name, "-batch", "-");

    private void Discard(LocalEnd local)
    {
        var before = new List<Sighting>();
        foreach (var station in Stations)
        {
            Drain(station, before);
        }

        local.Drain(before);
    }

    private static void AwaitAnswer(Station station, List<Sighting> seen)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < Patience)
        {
            station.Wire.Send(station.Question());
            // A cable that was just plugged in loses the first.
            while (station.Wire.Await(TimeSpan.FromMilliseconds(50)))
            {
                if (Drain(station, seen))
                {
                    return;
                }
            }
        }

        throw new TimeoutException($"The gateway answers nobody on {station.Cable}.");
    }

    /// <summary>Takes in what came to a station; true when the gateway's answer was among it.</summary>
    private static bool Drain(Station station, List<Sighting> seen)
    {
        var isAnswered = false;
        while (station.Wire.TryReceive(out var frame))
        {
            isAnswered |= station.IsAnswer(frame);
            if (Sighting.Read(station.Cable, frame[Wire.EthernetLength..]) is { } sighting)
            {
                seen.Add(sighting);
            }
        }

        return isAnswered;
    }
}
