using System.Text;
using Appliance.Router.Decoding.Dhcp;
using Appliance.Router.Decoding.Dns;
using Appliance.Router.Decoding.Facts;
using Appliance.Router.Decoding.Http;
using Appliance.Router.Decoding.Names;
using Appliance.Router.Decoding.Tls;
using Appliance.Router.Tests.Decoding.Dhcp;
using Appliance.Router.Tests.Decoding.Dns;
using Appliance.Router.Tests.Decoding.Tls;

namespace Appliance.Router.Tests.Decoding.Facts;

/// <summary>Payloads that mutation starts from, by the port that they are read at, and the texts of what was read.</summary>
internal static class FactSeeds
{
    public static List<(ushort Port, byte[] Payload)> Datagrams() =>
    [
        (DnsReader.Port, DnsMessages.Message(0x0100, [DnsMessages.Question(DnsMessages.Name("cam.example"), 28)])),
        (DnsReader.Port, DnsMessages.Message(
            DnsMessages.Reply,
            [DnsMessages.Question(DnsMessages.Name("cam.example"), 1)],
            [
                DnsMessages.Record(DnsMessages.FirstName, DnsTypes.CanonicalName, [3, .. "cdn"u8, .. DnsMessages.FirstName]),
                DnsMessages.Record([0xc0, 41], DnsTypes.Address, [10, 0, 0, 1]),
                DnsMessages.Record([0xc0, 41], DnsTypes.Service, [0, 0, 0, 0, 0, 80, 0xc0, 41]),
                DnsMessages.Record([0], DnsTypes.Text, [4, .. "md=1"u8, 1, 0x1b]),
            ],
            [DnsMessages.Record([0], 6, new byte[22])],
            [DnsMessages.Record([0], DnsTypes.Options, [])])),
        (DnsReader.MulticastPort, DnsMessages.Message(
            0x8400,
            [],
            [DnsMessages.Record(DnsMessages.Name("_hap._tcp.local"), DnsTypes.NamePointer, [3, .. "hue"u8, 0xc0, 12], 0x8001)],
            additional: [DnsMessages.Record([0xc0, 41], DnsTypes.AddressV6, new byte[16])])),
        (SsdpReader.Port, Encoding.ASCII.GetBytes("NOTIFY * HTTP/1.1\r\nNT: a\r\nUSN: b\r\nSERVER: c\r\nLOCATION: d\r\n\r\n")),
        (SsdpReader.Port, Encoding.ASCII.GetBytes("M-SEARCH * HTTP/1.1\r\nST: ssdp:all\r\n\r\n")),
        (DhcpReader.ServerPort, DhcpMessages.Message([
            DhcpMessages.Option(53, 3), DhcpMessages.Option(12, "cam"u8.ToArray()), DhcpMessages.Option(60, "udhcp"u8.ToArray()),
            DhcpMessages.Option(55, 1, 3, 6), DhcpMessages.Option(50, 10, 0, 0, 9), DhcpMessages.Option(81, [4, 0, 0, 3, .. "cam"u8, 0]),
        ])),
        (DhcpReader.ClientPort, DhcpMessages.Message([DhcpMessages.Option(52, 3), DhcpMessages.Option(53, 5), DhcpMessages.Option(51, 0, 0, 0, 120)], your: "10.0.0.9")),
        (DhcpV6Reader.ServerPort, DhcpMessages.Relayed(DhcpMessages.MessageV6(
            1,
            DhcpMessages.OptionV6(1, [0, 3, 0, 1, .. new byte[6]]),
            DhcpMessages.OptionV6(3, [.. new byte[12], .. DhcpMessages.OptionV6(5, new byte[24])]),
            DhcpMessages.OptionV6(6, 0, 23, 0, 24),
            DhcpMessages.OptionV6(16, [0, 0, 1, 0x37, 0, 3, .. "cam"u8]),
            DhcpMessages.OptionV6(39, [0, 3, .. "hub"u8])))),
    ];

    public static List<(ushort Port, byte[] Stream)> Streams()
    {
        var message = Hellos.Message("2a2a,1301,1302,c02b", "0a0a,0000,0010,000d,002b,000b", "0403,0804");
        var query = DnsMessages.Message(0x0100, [DnsMessages.Question(DnsMessages.Name("cam.example"), 28)]);
        return
        [
            (443, Hellos.Record(message)),
            (443, [.. Hellos.Record(message[..60]), .. Hellos.Record(message[60..])]),
            (80, Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: cam.example\r\nUser-Agent: x\r\n\r\n")),
            (22, Encoding.ASCII.GetBytes("SSH-2.0-OpenSSH_9.2p1\r\n")),
            (DnsReader.Port, [.. Frames.UInt16((ushort)query.Length), .. query]),
        ];
    }

    public static IEnumerable<string> Texts(Fact? fact) => fact switch
    {
        DnsFact dns => [.. dns.Questions.Select(question => question.Name), .. dns.Answers.Concat(dns.Additional).SelectMany(record => new[] { record.Name, record.Value }.Concat(record.Strings))],
        DhcpFact dhcp => [dhcp.HostName, dhcp.VendorClass, dhcp.Fingerprint],
        TlsHelloFact hello => [hello.ServerName, hello.Fingerprint, .. hello.Protocols],
        HttpFact http => [http.Method, http.Host, http.UserAgent],
        SshFact ssh => [ssh.Banner],
        SsdpFact ssdp => [ssdp.Target, ssdp.UniqueName, ssdp.Product, ssdp.Location],
        _ => [],
    };
}
