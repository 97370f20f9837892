using System.Net;
using Appliance.Router.Decoding;
using Appliance.Router.Flows;

namespace Appliance.Router.Tests.Flows;

/// <summary>What Argus calls a conversation, and every way in which that differs from ours; docs/oracles.md tells them in words.</summary>
internal static class ArgusRules
{
    private static readonly string[] LinkProtocols = ["arp", "rarp"];

    /// <summary>It also tells of what is no IP: ARP, EAPOL, LLC.</summary>
    public static bool IsNoIP(ArgusRecord record) => LinkProtocols.Contains(record.Protocol) || !IPAddress.TryParse(record.Source, out _);

    /// <summary>Packets that all have one and the same time give a record that says ERR and counts nothing.</summary>
    public static bool IsUncounted(ArgusRecord record) => record is { State: "ERR", Packets: 0, Bytes: 0 };

    /// <summary>It divides ICMP by type, code and identifier, and we by type alone: both are summed up between two addresses.</summary>
    public static bool IsIcmp(string protocol) => protocol is "icmp" or "ipv6-icmp";

    /// <summary>It names the group inside an IGMP message as the destination, which in version 3 is the number of groups: the sender stands for the conversation.</summary>
    public static bool IsIgmp(string protocol) => protocol is "igmp";

    /// <summary>The conversation by the same name on both sides, whoever sent first.</summary>
    public static string NameOf(ArgusRecord record) => NameOf(record.Protocol, record.Source, record.SourcePort, record.Destination, record.DestinationPort);

    public static string NameOf(in FlowKey key) => NameOf(
        FlowWords.OfProtocol(key.Protocol), IPAddresses.ToIPAddress(key.Source).ToString(), $"{key.SourcePort}", IPAddresses.ToIPAddress(key.Destination).ToString(), $"{key.DestinationPort}");

    /// <summary>The FIN of an Xmas probe that nothing answers is none to it.</summary>
    public static bool IsXmas(in Flow flow) => FlagsOf(flow) == (TcpControl.Fin | TcpControl.Psh | TcpControl.Urg);

    /// <summary>How TCP ended as Argus puts it: RST whenever one was seen, else FIN when one side sent it, else neither.</summary>
    public static string TcpEndOf(in Flow flow)
    {
        var flags = IsXmas(flow) ? TcpControl.None : FlagsOf(flow);
        return (flags & TcpControl.Rst) != TcpControl.None ? "RST" : (flags & TcpControl.Fin) != TcpControl.None ? "FIN" : "open";
    }

    public static string TcpEndOf(ArgusRecord record) => record.State is "RST" or "FIN" ? record.State : "open";

    /// <summary>Whether our reason may stand with what Argus says: it knows neither time-outs of ours, nor which of FIN and RST came first.</summary>
    public static bool Agrees(in Flow flow, string end) => flow.EndReason switch
    {
        EndReason.Finished => end is "FIN" or "RST" && HasBothFins(flow),
        EndReason.Reset => end is "RST",
        _ => end is "open" || (end is "FIN" && !HasBothFins(flow)),
    };

    private static TcpControl FlagsOf(in Flow flow) => (TcpControl)(flow.TcpFlagsOut | flow.TcpFlagsIn);

    private static bool HasBothFins(in Flow flow) => ((TcpControl)(flow.TcpFlagsOut & flow.TcpFlagsIn) & TcpControl.Fin) != TcpControl.None;

    private static string NameOf(string protocol, string source, string sourcePort, string destination, string destinationPort)
    {
        if (IsIgmp(protocol))
        {
            return $"{protocol} {source}";
        }

        var hasPorts = protocol is "tcp" or "udp" or "sctp";
        var ends = new[] { hasPorts ? $"{source} {sourcePort}" : source, hasPorts ? $"{destination} {destinationPort}" : destination };
        Array.Sort(ends, StringComparer.Ordinal);
        return $"{protocol} {ends[0]} {ends[1]}";
    }
}
