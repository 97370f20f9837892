using System.Buffers.Binary;
using Appliance.Router.Decoding.Dns;
using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Decoding.Routers;

/// <summary>The options of a router advertisement that facts are made of, within bounds; of what is given twice, the first where there is one only.</summary>
internal ref struct RouterOptions()
{
    // Hosts keep some three of each; more are sent to fill their tables (CVE-2010-4669).
    private const int MaxEntries = 16;
    private const int UnitLength = 8;
    private const int PrefixLength = 30;
    private const byte OnLinkFlag = 0x80;
    private const byte AutonomousFlag = 0x40;

    // RFC 8781, 4: what the code of three bits stands for.
    private static ReadOnlySpan<byte> TranslationLengths => [96, 64, 56, 48, 40, 32];

    public ReadOnlySpan<byte> LinkLayer { get; private set; }

    public uint Mtu { get; private set; }

    public List<AdvertisedPrefix> Prefixes { get; } = [];

    public List<UInt128> DnsServers { get; } = [];

    public List<string> SearchDomains { get; } = [];

    public List<AdvertisedPrefix> TranslationPrefixes { get; } = [];

    /// <summary>Takes all options; false when one has no length or runs over the end, and then hosts take none.</summary>
    public bool TryRead(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        while (reader.TryByte(out var type))
        {
            if (!reader.TryByte(out var units) || units == 0 || !reader.TryTake((units * UnitLength) - 2, out var content))
            {
                return false;
            }

            Take(type, content);
        }

        return true;
    }

    private void Take(byte type, ReadOnlySpan<byte> content)
    {
        switch (type)
        {
            case 1 when LinkLayer.IsEmpty:
                LinkLayer = content;
                break;
            case 3 when content.Length == PrefixLength && Prefixes.Count < MaxEntries:
                Prefixes.Add(ReadPrefix(content));
                break;
            case 5 when content.Length == 6 && Mtu == 0:
                Mtu = BinaryPrimitives.ReadUInt32BigEndian(content[2..]);
                break;
            case 25 when IsInUse(content):
                ReadServers(content[6..]);
                break;
            case 31 when IsInUse(content):
                ReadDomains(content[6..]);
                break;
            case 38 when content.Length == 14 && TranslationPrefixes.Count < MaxEntries && (content[1] & 7) < TranslationLengths.Length:
                TranslationPrefixes.Add(ReadTranslation(content));
                break;
            default:
                break;
        }
    }

    private static AdvertisedPrefix ReadPrefix(ReadOnlySpan<byte> content) => new(
        BinaryPrimitives.ReadUInt128BigEndian(content[14..]),
        content[0],
        (content[1] & OnLinkFlag) != 0,
        (content[1] & AutonomousFlag) != 0,
        TimeSpan.FromSeconds(BinaryPrimitives.ReadUInt32BigEndian(content[2..])),
        TimeSpan.FromSeconds(BinaryPrimitives.ReadUInt32BigEndian(content[6..])));

    // A lifetime in units of eight seconds in the upper 13 bits, then the code of the length, then 96 bits.
    private static AdvertisedPrefix ReadTranslation(ReadOnlySpan<byte> content)
    {
        var scaled = BinaryPrimitives.ReadUInt16BigEndian(content);
        Span<byte> address = stackalloc byte[IPAddresses.IPv6Length];
        address.Clear();
        content[2..].CopyTo(address);
        var lifetime = TimeSpan.FromSeconds(scaled & ~7);
        return new(BinaryPrimitives.ReadUInt128BigEndian(address), TranslationLengths[scaled & 7], IsOnLink: false, IsAutonomous: false, lifetime, lifetime);
    }

    // Two reserved bytes and a lifetime, which is zero for what is to be forgotten.
    private static bool IsInUse(ReadOnlySpan<byte> content) => content.Length > 6 && BinaryPrimitives.ReadUInt32BigEndian(content[2..]) != 0;

    private readonly void ReadServers(ReadOnlySpan<byte> addresses)
    {
        for (; addresses.Length >= IPAddresses.IPv6Length && DnsServers.Count < MaxEntries; addresses = addresses[IPAddresses.IPv6Length..])
        {
            DnsServers.Add(BinaryPrimitives.ReadUInt128BigEndian(addresses));
        }
    }

    // Names end at the padding, which reads as the root.
    private readonly void ReadDomains(ReadOnlySpan<byte> names)
    {
        var offset = 0;
        while (offset < names.Length && names[offset] != 0 && SearchDomains.Count < MaxEntries && DnsName.TryRead(names, ref offset, out var name))
        {
            SearchDomains.Add(name);
        }
    }
}
