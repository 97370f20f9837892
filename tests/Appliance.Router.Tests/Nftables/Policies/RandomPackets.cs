using System.Globalization;
using System.Net;
using Appliance.Router.Decoding;
using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>Packets of every state, from everywhere to everywhere, the same for the same seed.</summary>
internal sealed class RandomPackets(PolicyLab lab, FlowPool flows, Random random)
{
    /// <summary>Hardware addresses that a network's stations send from.</summary>
    public const int Macs = 4;

    private const int FirstPort = 10_000;
    private const int PortCount = 50_000;

    private static readonly int[] Ports = [22, 53, 80, 123, 443, 1000, 1200, 1500, 1999, 2300, 5005, 5010, 7443, 8443, 30_000];
    private static readonly string[] Far4 = ["9.1.2.3", "9.200.0.1", "8.8.4.4"];
    private static readonly string[] Far6 = ["2620:fe::9", "2a00:71:99::1"];
    private static readonly string[] Bogon4 = ["10.200.0.1", "192.168.7.7", "198.18.0.1"];
    private static readonly string[] Bogon6 = ["2001:db8::1", "fd99::1"];

    private int _unique;

    public static int Port(Random random) => Ports[random.Next(Ports.Length)];

    public static MacAddress Mac(string cable, int index) => new(0x02_00_5e_01_00_00 + ((ulong)cable[0] << 8) + (ulong)index);

    public Passage Next() => Stationed(random.Next(100) switch
    {
        < 45 => New(Through()),
        < 62 => New(Inward()),
        < 72 => flows.Established(random),
        < 76 => flows.EstablishedOwn(random),
        < 84 => flows.Related(random),
        < 92 => Invalid(random.Next(3) == 0 ? Inward() : Through()),
        _ => New(Outward()),
    });

    public static bool CanBeRepeated(Passage passage) => passage.Packet.Protocol != Packet.Experiment;

    /// <summary>The same packet as one that nobody has seen yet.</summary>
    public Passage Afresh(Passage passage) => passage.State is ConnectionState.Established or ConnectionState.Related
        ? passage
        : passage with { Packet = passage.Packet with { SourcePort = Unique() } };

    private Passage Stationed(Passage passage) => passage.From == PolicyLab.Gateway
        ? passage
        : passage with { Packet = passage.Packet with { Station = Mac(passage.From, random.Next(Macs)) } };

    private (string From, IPAddress Source, IPAddress Destination) Through()
    {
        var isIPv6 = random.Next(2) == 0;
        var from = Any(lab.Stations);
        var to = random.Next(100) switch
        {
            < 20 => Far(isIPv6),
            < 30 => Station(from, isIPv6),
            _ => Station(Any([.. lab.Stations.Where(station => station != from)]), isIPv6),
        };
        return (from.Cable, Source(from, isIPv6), to);
    }

    private (string From, IPAddress Source, IPAddress Destination) Inward()
    {
        var isIPv6 = random.Next(2) == 0;
        var from = Any(lab.Stations);
        return (from.Cable, Source(from, isIPv6), (random.Next(4) == 0 ? Any(lab.Stations) : from).Gateway(isIPv6));
    }

    private (string From, IPAddress Source, IPAddress Destination) Outward()
    {
        var isIPv6 = random.Next(2) == 0;
        var to = Any(lab.Stations);
        return (PolicyLab.Gateway, to.Gateway(isIPv6), to == lab.Wan && random.Next(2) == 0 ? Far(isIPv6) : Station(to, isIPv6));
    }

    private IPAddress Source(Station from, bool isIPv6) => random.Next(100) switch
    {
        < 8 => Station(Any(lab.Stations), isIPv6),
        < 14 => IPAddress.Parse(Any(isIPv6 ? Bogon6 : Bogon4)),
        < 24 => Far(isIPv6),
        _ => Station(from, isIPv6),
    };

    private Passage New((string From, IPAddress Source, IPAddress Destination) way) => new(way.From, random.Next(100) switch
    {
        < 42 => Packet.Tcp(way.Source, way.Destination, Port(random), Unique()),
        < 76 => Packet.Udp(way.Source, way.Destination, Port(random), Unique()),
        < 84 when way.Source.GetAddressBytes().Length == 4 => Packet.Message(way.Source, way.Destination, 13, 0, Unique()),
        < 92 when way.From != PolicyLab.Gateway => Odd(way),
        _ => Packet.Echo(way.Source, way.Destination, Unique()),
    }, ConnectionState.New);

    // Without ports one packet between two hosts is of the same connection as the next, so one of them is a new host each time.
    private Packet Odd((string From, IPAddress Source, IPAddress Destination) way)
    {
        var number = Unique();
        var isIPv6 = way.Source.GetAddressBytes().Length == 16;
        var host = IPAddress.Parse(isIPv6 ? $"2620:fe:1::{number:x}" : string.Create(CultureInfo.InvariantCulture, $"9.77.{number >> 8}.{number & 0xff}"));
        return way.From == "wan" ? new Packet(host, way.Destination, Packet.Experiment) : new Packet(way.Source, host, Packet.Experiment);
    }

    private Passage Invalid((string From, IPAddress Source, IPAddress Destination) way) => new(way.From, random.Next(4) switch
    {
        0 => Packet.Tcp(way.Source, way.Destination, Port(random), Unique(), 0),
        1 => Packet.Tcp(way.Source, way.Destination, Port(random), Unique(), Packet.Syn | Packet.Fin),
        2 => Packet.Echo(way.Destination, way.Source, Unique()).Answer(),
        _ => Packet.Error(way.Source, Packet.Udp(way.Destination, way.Source, Port(random), Unique())),
    }, ConnectionState.Invalid);

    private IPAddress Station(Station station, bool isIPv6) => station.Silent(isIPv6, random.Next(8));

    private IPAddress Far(bool isIPv6) => IPAddress.Parse(Any(isIPv6 ? Far6 : Far4));

    private ushort Unique() => (ushort)(FirstPort + (_unique++ % PortCount));

    private T Any<T>(IReadOnlyList<T> all) => all[random.Next(all.Count)];
}
