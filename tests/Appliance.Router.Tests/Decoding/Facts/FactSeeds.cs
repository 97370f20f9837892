using System.Text;
using Appliance.Router.Decoding.Dns;
using Appliance.Router.Decoding.Facts;
using Appliance.Router.Decoding.Names;
using Appliance.Router.Tests.Decoding.Dns;

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
    ];

    public static IEnumerable<string> Texts(Fact? fact) => fact switch
    {
        DnsFact dns => [.. dns.Questions.Select(question => question.Name), .. dns.Answers.Concat(dns.Additional).SelectMany(record => new[] { record.Name, record.Value })],
        SsdpFact ssdp => [ssdp.Target, ssdp.UniqueName, ssdp.Product, ssdp.Location],
        _ => [],
    };
}
