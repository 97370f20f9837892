using Appliance.Router.Tests.Flows;

namespace Appliance.Router.Tests.Decoding.Facts;

/// <summary>What Wireshark reads from a capture, in the form of <see cref="FactLine"/>.</summary>
internal static class SharkFacts
{
    private const string Dns = "((dns || mdns || llmnr) && (udp.port == 53 || udp.port == 5353 || udp.port == 5355) && dns.flags.opcode == 0)";
    private const string Ssdp = "(ssdp && udp.port == 1900)";

    // Messages that an ICMP error quotes are no messages of their own.
    private const string Filter = $"({Dns} || {Ssdp}) && !icmp && !icmpv6";

    private static readonly string[] Fields =
    [
        "dns.id", "dns.flags.response", "dns.flags.rcode", "dns.qry.name", "dns.qry.type", "dns.count.auth_rr", "dns.a", "dns.aaaa", "dns.cname",
        "http.request.method", "http.server", "http.location",
    ];

    public static IEnumerable<string> Of(string file) => Tshark.Fields(file, Filter, Fields)
        .Select(cells => Fields.Zip(cells).ToDictionary(pair => pair.First, pair => pair.Second))
        .Select(LineOf);

    private static string LineOf(Dictionary<string, string> frame)
    {
        if (frame["dns.id"].Length == 0)
        {
            return $"ssdp {frame["http.request.method"]} {frame["http.server"]} {frame["http.location"]}";
        }

        var line = $"dns {Convert.ToUInt16(frame["dns.id"], 16)} {frame["dns.flags.response"]} {frame["dns.flags.rcode"]} {FactLine.Comparable(frame["dns.qry.name"])} {frame["dns.qry.type"]}";

        // The addresses of authorities, which are no answers, cannot be told from those of answers here.
        return frame["dns.flags.response"] == "1" && frame["dns.count.auth_rr"] == "0"
            ? $"{line} {frame["dns.a"]} {frame["dns.aaaa"]} {FactLine.Comparable(frame["dns.cname"])}"
            : line;
    }
}
