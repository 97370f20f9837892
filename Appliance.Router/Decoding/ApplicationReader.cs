using System.Buffers.Binary;

namespace Appliance.Router.Decoding;

/// <summary>Tells an application by its first payload bytes, whatever the port.</summary>
internal static class ApplicationReader
{
    private const ushort DhcpV6Client = 546;
    private const ushort DhcpV6Server = 547;
    private const int DhcpCookieOffset = 236;
    private const uint DhcpCookie = 0x6382_5363;
    private const byte TelnetCommand = 0xff;

    // Up to the type of the message.
    private const int TlsHelloLength = 6;

    /// <summary>Recognizes a payload; unknown where it could be several things.</summary>
    /// <param name="packet">A packet that has payload.</param>
    /// <param name="bytes">Of a stream, what its side has said from its first byte on, as far as that is known; else the payload.</param>
    /// <param name="isFromSource">Whether the flow's source sent it.</param>
    /// <param name="isGreeted">Whether the destination has greeted with 220 before, as FTP and mail servers do.</param>
    public static ApplicationKind Recognize(in Packet packet, ReadOnlySpan<byte> bytes, bool isFromSource, bool isGreeted) => packet.Protocol switch
    {
        IPProtocol.Tcp => RecognizeStream(bytes, isFromSource, isGreeted),
        IPProtocol.Udp => RecognizeDatagram(packet),
        _ => ApplicationKind.Unknown,
    };

    /// <summary>A greeting that FTP shares with mail, so that the client's first words decide.</summary>
    public static bool IsGreeting(ReadOnlySpan<byte> payload) => payload.StartsWith("220"u8);

    /// <summary>Whether more bytes of a client may tell what these do not.</summary>
    public static bool MayTellClient(ReadOnlySpan<byte> bytes, bool isGreeted) =>
        MayTell(bytes) || HttpLogins.MayBecomeRequest(bytes) || (isGreeted && FtpLogins.MayBecomeCommand(bytes));

    /// <summary>Whether more bytes of a server may tell what these do not.</summary>
    /// <param name="bytes">Its first bytes.</param>
    /// <param name="isFirst">Whether it has spoken before the client: then its words may be those before a prompt.</param>
    public static bool MayTellServer(ReadOnlySpan<byte> bytes, bool isFirst) =>
        MayTell(bytes) || AsciiText.Meets(bytes, "HTTP/1."u8) || (isFirst && bytes[0] is 0x1b or (byte)'\r' or (byte)'\n' or (>= 0x20 and < 0x7f));

    private static bool MayTell(ReadOnlySpan<byte> bytes) => bytes.Length < 3 || bytes[0] switch
    {
        (byte)'S' => AsciiText.Meets(bytes, "SSH-"u8),
        0x10 => MqttLogins.MayBecomeConnect(bytes),
        0x16 => bytes.Length < TlsHelloLength && bytes[1] == 3,
        _ => false,
    };

    private static ApplicationKind RecognizeStream(ReadOnlySpan<byte> payload, bool isFromSource, bool isGreeted)
    {
        if (payload.Length < 3)
        {
            return ApplicationKind.Unknown;
        }

        switch (payload[0])
        {
            case (byte)'S' when payload.StartsWith("SSH-"u8):
                return ApplicationKind.Ssh;
            case TelnetCommand when payload[1] is >= 0xfb and <= 0xfe:
                return ApplicationKind.Telnet;
            case 0x16 when IsTlsHello(payload):
                return ApplicationKind.Tls;
            case 0x10 when MqttLogins.IsConnect(payload):
                return ApplicationKind.Mqtt;
            default:
                return RecognizeText(payload, isFromSource, isGreeted);
        }
    }

    private static ApplicationKind RecognizeText(ReadOnlySpan<byte> payload, bool isFromSource, bool isGreeted)
    {
        if (HttpLogins.IsRequest(payload) || payload.StartsWith("HTTP/1."u8))
        {
            return ApplicationKind.Http;
        }

        if (isFromSource ? isGreeted && FtpLogins.IsCommand(payload) : IsGreeting(payload) && (payload.IndexOf("FTP"u8) >= 0 || payload.IndexOf("ftp"u8) >= 0))
        {
            return ApplicationKind.Ftp;
        }

        if (!isFromSource && payload.IndexOf("ogin:"u8) >= 0)
        {
            return ApplicationKind.Telnet;
        }

        return IsDnsOverTcp(payload) ? ApplicationKind.Dns : ApplicationKind.Unknown;
    }

    private static ApplicationKind RecognizeDatagram(in Packet packet)
    {
        var payload = packet.Payload;
        if (payload.Length >= DhcpCookieOffset + 4 && payload[0] is 1 or 2
            && BinaryPrimitives.ReadUInt32BigEndian(payload[DhcpCookieOffset..]) == DhcpCookie)
        {
            return ApplicationKind.Dhcp;
        }

        // DHCPv6 has no cookie; RFC 8415 fixes its ports instead.
        if (packet is { SourcePort: DhcpV6Client or DhcpV6Server, DestinationPort: DhcpV6Client or DhcpV6Server })
        {
            return ApplicationKind.Dhcp;
        }

        return DnsMessage.IsLikely(payload) ? ApplicationKind.Dns : ApplicationKind.Unknown;
    }

    // Record type 22, version 3.x, then a ClientHello or ServerHello.
    private static bool IsTlsHello(ReadOnlySpan<byte> payload) =>
        payload.Length >= TlsHelloLength && payload[1] == 3 && payload[2] <= 4 && payload[5] is 1 or 2;

    private static bool IsDnsOverTcp(ReadOnlySpan<byte> payload) =>
        payload.Length > 2 && BinaryPrimitives.ReadUInt16BigEndian(payload) == payload.Length - 2 && DnsMessage.IsLikely(payload[2..]);
}
