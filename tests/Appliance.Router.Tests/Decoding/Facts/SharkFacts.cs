using Appliance.Router.Tests.Flows;

namespace Appliance.Router.Tests.Decoding.Facts;

/// <summary>What Wireshark reads from a capture, in the form of <see cref="FactLine"/>.</summary>
internal static class SharkFacts
{
    private const string Dns = "((dns || mdns || llmnr) && (udp.port == 53 || udp.port == 5353 || udp.port == 5355) && dns.flags.opcode == 0)";
    private const string Ssdp = "(ssdp && udp.port == 1900)";

    private const string Dhcp = "(dhcp.option.dhcp || dhcpv6)";

    // Only streams whose beginning was captured, and on their usual ports: Wireshark goes by ports, we do not. A hello of SSL 2 has neither names nor extensions.
    private const string Streams = "((tls.handshake.type == 1 && tls.record.version != 2 && tcp.dstport == 443 && tcp.completeness & 1) || (http.request && tcp.dstport == 80 && tcp.completeness & 1) || (ssh.protocol && tcp.port == 22 && tcp.completeness & 1))";

    // Messages that an ICMP error quotes are no messages of their own.
    private const string Filter = $"({Dns} || {Ssdp} || {Dhcp} || {Streams}) && !icmp && !icmpv6";

    private static readonly string[] Fields =
    [
        "dns.id", "dns.flags.response", "dns.flags.rcode", "dns.qry.name", "dns.qry.type", "dns.count.auth_rr", "dns.a", "dns.aaaa", "dns.cname",
        "http.request.method", "http.server", "http.location",
        "dhcp.option.dhcp", "dhcp.hw.mac_addr", "dhcp.option.hostname", "dhcp.option.vendor_class_id", "dhcp.option.request_list_item", "dhcp.ip.client", "dhcp.ip.your",
        "dhcp.option.requested_ip_address", "dhcp.option.ip_address_lease_time", "dhcpv6.msgtype", "dhcpv6.requested_option_code",
        "tcp.stream", "tcp.dstport", "tls.handshake.type", "tls.handshake.extensions_server_name", "tls.handshake.extensions_alpn_str", "http.host", "http.user_agent", "ssh.protocol",
    ];

    public static IEnumerable<string> Of(string file) => Tshark.Fields(file, Filter, Fields)
        .Select(cells => Fields.Zip(cells).ToDictionary(pair => pair.First, pair => pair.Second))
        .DistinctBy(frame => frame["tcp.stream"].Length == 0 ? new object() : (frame["tcp.stream"], frame["tcp.dstport"]))
        .Select(LineOf);

    private static string LineOf(Dictionary<string, string> frame)
    {
        if (frame["tcp.stream"].Length > 0)
        {
            return LineOfStream(frame);
        }

        if (frame["dhcpv6.msgtype"].Length > 0)
        {
            return $"dhcpv6 {frame["dhcpv6.requested_option_code"].Replace('\t', ',')}";
        }

        if (frame["dhcp.option.dhcp"].Length > 0)
        {
            return LineOfDhcp(frame);
        }

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

    // Of a stream the first that each side says.
    private static string LineOfStream(Dictionary<string, string> frame) => frame switch
    {
        _ when frame["ssh.protocol"].Length > 0 => $"ssh {frame["ssh.protocol"]}",
        _ when frame["tls.handshake.type"].Length > 0 => $"tls {frame["tls.handshake.extensions_server_name"]} {frame["tls.handshake.extensions_alpn_str"]}",
        _ => $"http {frame["http.request.method"]} {frame["http.host"]} {frame["http.user_agent"]}",
    };

    // Wireshark shows the hardware address twice where the client id is made of it, and what we call requested in two fields.
    private static string LineOfDhcp(Dictionary<string, string> frame)
    {
        var requested = frame["dhcp.option.requested_ip_address"] is { Length: > 0 } asked and not "0.0.0.0" ? asked : frame["dhcp.ip.client"];
        var mac = frame["dhcp.hw.mac_addr"].Split('\t')[0];
        return $"dhcp {frame["dhcp.option.dhcp"]} {mac} {frame["dhcp.option.hostname"].Split('\t')[0]} {frame["dhcp.option.vendor_class_id"]} {frame["dhcp.option.request_list_item"].Replace('\t', ',')} {requested} {frame["dhcp.ip.your"]} {frame["dhcp.option.ip_address_lease_time"]}";
    }
}
