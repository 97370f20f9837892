using System.Diagnostics.CodeAnalysis;
using Appliance.Router.Decoding.Dns;
using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Decoding.Dhcp;

/// <summary>Reads DHCPv6 messages, from relays too (RFC 8415).</summary>
internal static class DhcpV6Reader
{
    public const ushort ClientPort = 546;
    public const ushort ServerPort = 547;
    private const int HeaderLength = 4;
    private const int RelayHeaderLength = 34;
    private const byte RelayForward = 12;
    private const byte RelayReply = 13;
    private const ushort RelayedMessage = 9;

    // HOP_COUNT_LIMIT of RFC 8415, 7.6.
    private const int MaxRelays = 8;

    public static bool TryRead(ReadOnlySpan<byte> message, in FactOrigin origin, [NotNullWhen(true)] out DhcpFact? fact)
    {
        fact = null;
        if (!TryUnwrap(ref message) || KindOf(message[0]) is not { } kind)
        {
            return false;
        }

        var options = new DhcpV6Options();
        options.Read(message[HeaderLength..]);
        var isAnswer = kind is DhcpKind.Offer or DhcpKind.Acknowledge;
        fact = new DhcpFact(origin, kind)
        {
            ClientMac = options.ClientMac,
            HostName = options.QualifiedName.IsEmpty ? "" : DnsName.ReadAlone(options.QualifiedName[1..]),
            VendorClass = PlainText.Of(options.VendorClass),
            Fingerprint = DhcpText.Numbers(options.Wanted, size: 2),
            RequestedAddress = isAnswer ? null : options.Address,
            LeaseAddress = isAnswer ? options.Address : null,
            LeaseDuration = isAnswer && options.Address is not null ? TimeSpan.FromSeconds(options.ValidSeconds) : null,
        };
        return true;
    }

    private static bool TryUnwrap(ref ReadOnlySpan<byte> message)
    {
        for (var relays = 0; relays <= MaxRelays; relays++)
        {
            if (message.Length < HeaderLength)
            {
                return false;
            }

            if (message[0] is not (RelayForward or RelayReply))
            {
                return true;
            }

            if (message.Length < RelayHeaderLength || !DhcpV6Options.TryFind(message[RelayHeaderLength..], RelayedMessage, out message))
            {
                return false;
            }
        }

        return false;
    }

    // RFC 8415, 7.3.
    private static DhcpKind? KindOf(byte type) => type switch
    {
        1 => DhcpKind.Discover,
        2 => DhcpKind.Offer,
        3 or 4 or 5 or 6 => DhcpKind.Request,
        7 => DhcpKind.Acknowledge,
        8 => DhcpKind.Release,
        9 => DhcpKind.Decline,
        11 => DhcpKind.Inform,
        _ => null,
    };
}
