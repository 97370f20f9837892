using System.Buffers.Binary;

namespace Appliance.Router.Decoding;

/// <summary>IPv6 header and the chain of extension headers behind it (RFC 8200).</summary>
/// <remarks>The fragment's part of its datagram begins behind the fragment header. The protocol is the first that is no extension header, or where the chain breaks off the last one named.</remarks>
internal readonly record struct IPv6Header(int Length, int PayloadLength, byte Protocol, UInt128 Source, UInt128 Destination, Fragment Fragment, int FragmentStart, bool IsComplete)
{
    public byte HopLimit { get; private init; }

    public const int FixedLength = 40;

    // RFC 8200 names six kinds, each at most once but one; a longer chain hides something.
    private const int MaxExtensions = 8;

    public static bool TryRead(ReadOnlySpan<byte> packet, out IPv6Header header)
    {
        header = default;
        if (packet.Length < FixedLength || packet[0] >> 4 != 6)
        {
            return false;
        }

        var source = BinaryPrimitives.ReadUInt128BigEndian(packet[8..]);
        var destination = BinaryPrimitives.ReadUInt128BigEndian(packet[24..]);

        // A mapped address never travels (RFC 6890, table 20); let through it would pass for an IPv4 host.
        if (IPAddresses.IsIPv4(source) || IPAddresses.IsIPv4(destination))
        {
            return false;
        }

        var protocol = packet[6];
        var length = FixedLength;
        var fragment = default(Fragment);
        var fragmentStart = 0;
        var isComplete = TryWalk(packet, ref protocol, ref length, ref fragment, ref fragmentStart);
        header = new(length, BinaryPrimitives.ReadUInt16BigEndian(packet[4..]), protocol, source, destination, fragment, fragmentStart, isComplete) { HopLimit = packet[7] };
        return true;
    }

    private static bool TryWalk(ReadOnlySpan<byte> packet, ref byte protocol, ref int length, ref Fragment fragment, ref int fragmentStart)
    {
        for (var count = 0; count <= MaxExtensions; count++)
        {
            if (!IsExtension(protocol))
            {
                return true;
            }

            if (packet.Length < length + 8)
            {
                return false;
            }

            var extension = packet[length..];
            var next = length + ExtensionLength(protocol, extension[1]);
            if (protocol == IPProtocol.Fragment)
            {
                var place = BinaryPrimitives.ReadUInt16BigEndian(extension[2..]);
                fragment = new Fragment(BinaryPrimitives.ReadUInt32BigEndian(extension[4..]), place & 0xfff8, (place & 1) != 0);
                fragmentStart = next;
            }

            if (next > packet.Length)
            {
                return false;
            }

            protocol = extension[0];
            length = next;
            if (fragment.IsLater)
            {
                // What follows is the middle of something, not a header.
                return true;
            }
        }

        return false;
    }

    private static bool IsExtension(byte protocol) => protocol is IPProtocol.HopByHop or IPProtocol.Routing
        or IPProtocol.Fragment or IPProtocol.Authentication or IPProtocol.DestinationOptions;

    // Units of 8 after the first 8; AH counts units of 4 less two (RFC 4302, 2.2); a fragment header has 8 always.
    private static int ExtensionLength(byte protocol, byte length) => protocol switch
    {
        IPProtocol.Fragment => 8,
        IPProtocol.Authentication => (length + 2) * 4,
        _ => (length + 1) * 8,
    };
}
