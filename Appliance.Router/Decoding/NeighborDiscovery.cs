using System.Buffers.Binary;

namespace Appliance.Router.Decoding;

/// <summary>Neighbor solicitation and advertisement (RFC 4861, 4.3 and 4.4).</summary>
internal static class NeighborDiscovery
{
    public const byte Solicitation = 135;
    public const byte Advertisement = 136;
    private const int Length = 24;
    private const byte SourceLinkLayer = 1;
    private const byte TargetLinkLayer = 2;
    private const byte SolicitedFlag = 0x40;
    private const byte OverrideFlag = 0x20;

    /// <summary>Reads an ICMPv6 message; false when it is another one or cut short.</summary>
    /// <param name="message">From the ICMPv6 type on.</param>
    /// <param name="source">Sender of the packet.</param>
    /// <param name="sourceMac">Sender of the frame; a link-layer option in the message goes before it.</param>
    /// <param name="neighbor">What it says.</param>
    public static bool TryRead(ReadOnlySpan<byte> message, UInt128 source, MacAddress sourceMac, out Neighbor neighbor)
    {
        neighbor = default;
        if (message.Length < Length || message[0] is not (Solicitation or Advertisement))
        {
            return false;
        }

        var target = BinaryPrimitives.ReadUInt128BigEndian(message[8..]);
        var isSolicitation = message[0] == Solicitation;
        var kind = NeighborKind.Request;
        if (!isSolicitation)
        {
            // An advertisement that nobody asked for announces (RFC 4861, 7.2.6).
            kind = (message[4] & SolicitedFlag) != 0 ? NeighborKind.Reply : NeighborKind.Announcement;
        }

        var mac = FindLinkLayer(message[Length..], isSolicitation ? SourceLinkLayer : TargetLinkLayer) ?? sourceMac;
        neighbor = new(kind, mac, isSolicitation ? source : target, target, IsIPv4: false) { IsWeak = !isSolicitation && (message[4] & OverrideFlag) == 0 };
        return true;
    }

    private static MacAddress? FindLinkLayer(ReadOnlySpan<byte> options, byte wanted)
    {
        while (options.Length >= 8)
        {
            if (options[0] == wanted && options[1] == 1)
            {
                return new MacAddress(BinaryPrimitives.ReadUInt64BigEndian(options) & 0xffff_ffff_ffff);
            }

            // Length is in units of 8; zero is invalid and would never end (RFC 4861, 4.6).
            var length = options[1] * 8;
            if (length == 0 || length > options.Length)
            {
                break;
            }

            options = options[length..];
        }

        return null;
    }
}
