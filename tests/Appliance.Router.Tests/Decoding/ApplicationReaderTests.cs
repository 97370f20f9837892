using System.Text;
using Appliance.Router.Decoding;

namespace Appliance.Router.Tests.Decoding;

public sealed class ApplicationReaderTests
{
    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2p1\r\n", true, nameof(ApplicationKind.Ssh))]
    [InlineData("SSH-2.0-dropbear\r\n", false, nameof(ApplicationKind.Ssh))]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n", true, nameof(ApplicationKind.Http))]
    [InlineData("OPTIONS * HTTP/1.1\r\n", true, nameof(ApplicationKind.Http))]
    [InlineData("POST http://a/ HTTP/1.1\r\n", true, nameof(ApplicationKind.Http))]
    [InlineData("HTTP/1.1 200 OK\r\n", false, nameof(ApplicationKind.Http))]
    [InlineData("OPTIONS rtsp://a/ RTSP/1.0\r\n", true, nameof(ApplicationKind.Unknown))]
    [InlineData("GETTY / nothing", true, nameof(ApplicationKind.Unknown))]
    [InlineData("220 (vsFTPd 3.0.3)\r\n", false, nameof(ApplicationKind.Ftp))]
    [InlineData("220 mail.example ESMTP\r\n", false, nameof(ApplicationKind.Unknown))]
    [InlineData("USER bob\r\n", true, nameof(ApplicationKind.Unknown))]
    [InlineData("\r\nraspberrypi login: ", false, nameof(ApplicationKind.Telnet))]
    [InlineData("login: ", true, nameof(ApplicationKind.Unknown))]
    [InlineData("+OK POP3 ready\r\n", false, nameof(ApplicationKind.Unknown))]
    public void A_stream_is_told_by_its_first_words(string text, bool isFromSource, string expected)
    {
        Assert.Equal(expected, Recognize(6, Encoding.Latin1.GetBytes(text), isFromSource).ToString());
    }

    [Theory]
    [InlineData("fffb01", nameof(ApplicationKind.Telnet))]
    [InlineData("ffffff", nameof(ApplicationKind.Unknown))]
    [InlineData("160301020001", nameof(ApplicationKind.Tls))]
    [InlineData("160303004a02", nameof(ApplicationKind.Tls))]
    [InlineData("16030300000b", nameof(ApplicationKind.Unknown))]
    [InlineData("101000044d5154540402003c000461626364", nameof(ApplicationKind.Mqtt))]
    [InlineData("101000054d5154540402003c000461626364", nameof(ApplicationKind.Unknown))]
    [InlineData("10800100064d51497364700302", nameof(ApplicationKind.Mqtt))]
    [InlineData("001d123401000001000000000000076578616d706c6503636f6d0000010001", nameof(ApplicationKind.Dns))]
    [InlineData("00", nameof(ApplicationKind.Unknown))]
    public void A_stream_is_told_by_its_first_bytes(string hex, string expected)
    {
        Assert.Equal(expected, Recognize(6, Convert.FromHexString(hex), isFromSource: true).ToString());
    }

    [Fact]
    public void A_greeting_that_mail_has_too_is_ftp_after_a_command_of_ftp()
    {
        Assert.Equal(ApplicationKind.Ftp, Recognize(6, "USER bob\r\n"u8.ToArray(), isFromSource: true, isGreeted: true));
        Assert.Equal(ApplicationKind.Unknown, Recognize(6, "EHLO bob\r\n"u8.ToArray(), isFromSource: true, isGreeted: true));
    }

    [Theory]
    [InlineData("123401000001000000000000076578616d706c6503636f6d0000010001", nameof(ApplicationKind.Dns))]
    [InlineData("123481800001000100000000076578616d706c6503636f6d0000010001c00c00010001", nameof(ApplicationKind.Dns))]
    [InlineData("000084000000000100000000055f68747470045f746370056c6f63616c00000c8001", nameof(ApplicationKind.Dns))]
    [InlineData("123401400001000000000000076578616d706c6503636f6d0000010001", nameof(ApplicationKind.Unknown))]
    [InlineData("123401000001000000000000ff6578616d706c6503636f6d0000010001", nameof(ApplicationKind.Unknown))]
    [InlineData("123401000001000000000000076578616d706c6503636f6d0000010063", nameof(ApplicationKind.Unknown))]
    [InlineData("1234010000010000000000003f6578616d", nameof(ApplicationKind.Unknown))]
    public void A_datagram_is_told_by_the_shape_of_dns(string hex, string expected)
    {
        Assert.Equal(expected, Recognize(17, Convert.FromHexString(hex), isFromSource: true).ToString());
    }

    [Fact]
    public void A_datagram_with_the_cookie_is_dhcp()
    {
        byte[] message = [1, 1, 6, 0, .. new byte[232], 0x63, 0x82, 0x53, 0x63, 53, 1, 1];

        Assert.Equal(ApplicationKind.Dhcp, Recognize(17, message, isFromSource: true));
    }

    [Fact]
    public void A_datagram_between_the_ports_of_dhcpv6_is_dhcp()
    {
        var packet = new Packet { Protocol = 17, SourcePort = 546, DestinationPort = 547, Payload = new byte[] { 1, 2, 3, 4 } };

        Assert.Equal(ApplicationKind.Dhcp, ApplicationReader.Recognize(packet, packet.Payload, isFromSource: true, isGreeted: false));
    }

    private static ApplicationKind Recognize(byte protocol, byte[] payload, bool isFromSource, bool isGreeted = false) =>
        ApplicationReader.Recognize(new Packet { Protocol = protocol, Payload = payload, PayloadBytes = payload.Length }, payload, isFromSource, isGreeted);
}
