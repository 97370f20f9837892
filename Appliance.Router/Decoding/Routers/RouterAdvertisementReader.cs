using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Decoding.Routers;

/// <summary>Reads router advertisements (RFC 4861, 4.2), those that hosts would take (6.1.2).</summary>
internal static class RouterAdvertisementReader
{
    public const byte Solicitation = 133;
    public const byte Advertisement = 134;

    private const byte RequiredHopLimit = 255;
    private const byte ManagedFlag = 0x80;
    private const byte OtherFlag = 0x40;

    // Reachable time and retransmission timer.
    private const int TimersLength = 8;

    /// <summary>Reads a packet whose ICMPv6 type is that of an advertisement; false when hosts would not take it.</summary>
    public static bool TryRead(in Packet packet, [NotNullWhen(true)] out RouterAdvertisementFact? fact)
    {
        fact = null;
        var isValid = packet.HopLimit == RequiredHopLimit && packet.IcmpCode == 0 && packet.Source >> 118 == 0xfe80 >> 6 && packet.Payload.Length >= TimersLength;
        var options = new RouterOptions();
        if (!isValid || !options.TryRead(packet.Payload[TimersLength..]))
        {
            return false;
        }

        // Hop limit for hosts, flags, lifetime in seconds.
        var flags = (byte)(packet.IcmpRest >> 16);
        fact = new RouterAdvertisementFact(FactOrigin.Of(packet))
        {
            RouterMac = options.LinkLayer.Length >= MacAddress.Length ? new(ReadMac(options.LinkLayer)) : packet.SourceMac,
            Lifetime = TimeSpan.FromSeconds(packet.IcmpRest & 0xffff),
            Preference = PreferenceOf(flags),
            IsManaged = (flags & ManagedFlag) != 0,
            HasOtherConfiguration = (flags & OtherFlag) != 0,
            Mtu = options.Mtu,
            Prefixes = options.Prefixes,
            DnsServers = options.DnsServers,
            SearchDomains = options.SearchDomains,
            TranslationPrefixes = options.TranslationPrefixes,
        };
        return true;
    }

    private static RouterPreference PreferenceOf(byte flags) => (flags >> 3 & 3) switch
    {
        1 => RouterPreference.High,
        3 => RouterPreference.Low,
        _ => RouterPreference.Medium,
    };

    private static ulong ReadMac(ReadOnlySpan<byte> bytes) => ((ulong)BinaryPrimitives.ReadUInt16BigEndian(bytes) << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]);
}
