using System.Globalization;
using System.Net;
using Appliance.Router.Decoding;
using Appliance.Router.Flows;

namespace Appliance.Router.Traffic;

/// <summary>Names one tracked connection: the kernel's number for it is 32 bits of a hash, so what it tracks stands beside.</summary>
/// <remarks>The text is for people too: the audit log tells by it which connection was ended.</remarks>
internal readonly record struct ConnectionName(uint Id, ushort Zone, ConnectionTuple Original)
{
    private const char Divider = '-';
    private const int PartCount = 8;

    // Two IPv6 addresses of 45 characters and six numbers take less.
    private const int MaxLength = 160;

    public static bool TryParse(string text, out ConnectionName name)
    {
        name = default;
        var parts = text.Length > MaxLength ? [] : text.Split(Divider);
        if (parts.Length != PartCount
            || !uint.TryParse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id)
            || !TryNumber(parts[1], out var zone)
            || !byte.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var protocol)
            || !TryAddress(parts[3], out var source)
            || !TryNumber(parts[4], out var sourcePort)
            || !TryAddress(parts[5], out var destination)
            || !TryNumber(parts[6], out var destinationPort)
            || !TryNumber(parts[7], out var icmpId)
            || IPAddresses.IsIPv4(source) != IPAddresses.IsIPv4(destination))
        {
            return false;
        }

        name = new(id, zone, new(new FlowKey(source, destination, sourcePort, destinationPort, protocol), icmpId));
        return true;
    }

    /// <summary>By the kernel's number, so that a list cut behind any name goes on behind it.</summary>
    public static int Compare(ConnectionName left, ConnectionName right)
    {
        if (left.Id != right.Id)
        {
            return left.Id.CompareTo(right.Id);
        }

        var (mine, its) = (left.Original.Ends, right.Original.Ends);
        ReadOnlySpan<int> orders =
        [
            left.Zone.CompareTo(right.Zone),
            mine.Protocol.CompareTo(its.Protocol),
            mine.Source.CompareTo(its.Source),
            mine.SourcePort.CompareTo(its.SourcePort),
            mine.Destination.CompareTo(its.Destination),
            mine.DestinationPort.CompareTo(its.DestinationPort),
            left.Original.IcmpId.CompareTo(right.Original.IcmpId),
        ];
        var first = orders.IndexOfAnyExcept(0);
        return first < 0 ? 0 : orders[first];
    }

    public override string ToString()
    {
        var ends = Original.Ends;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Id:x8}-{Zone}-{ends.Protocol}-{IPAddresses.ToIPAddress(ends.Source)}-{ends.SourcePort}-{IPAddresses.ToIPAddress(ends.Destination)}-{ends.DestinationPort}-{Original.IcmpId}");
    }

    private static bool TryNumber(string text, out ushort number) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static bool TryAddress(string text, out UInt128 address)
    {
        var isAddress = IPAddress.TryParse(text, out var parsed);
        address = isAddress ? IPAddresses.FromBytes(parsed!.GetAddressBytes()) : 0;
        return isAddress;
    }
}
