namespace Appliance.Detector.Features;

/// <summary>What the values of a device window mean, in order; a model fits one version and no other.</summary>
/// <remarks>
/// No address, port, TTL or MAC is among them: those tell networks apart, not attacks. All are counts, bytes, seconds or
/// ratios of at least zero, in their own unit; the model takes logarithms and scales.
/// </remarks>
public static class FeatureSchema
{
    public const int Version = 1;

    /// <summary>Length of a window.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private static readonly (string Name, string Text)[] Rows =
    [
        ("asked_flows", "conversations begun in 10 s"),
        ("asked_tcp_flows", "TCP conversations begun in 10 s"),
        ("asked_udp_flows", "UDP conversations begun in 10 s"),
        ("asked_icmp_flows", "ICMP conversations begun in 10 s"),
        ("asked_answered", "conversations that others answered in 10 s"),
        ("asked_refused", "conversations that others refused in 10 s"),
        ("asked_silent", "conversations given up without an answer in 10 s"),
        ("asked_destinations", "destinations in 10 s"),
        ("asked_new_destinations", "destinations not used for an hour, in 10 s"),
        ("asked_services", "services asked for in 10 s"),
        ("asked_new_services", "services not used for an hour, in 10 s"),
        ("asked_pairs", "pairs of destination and service in 10 s"),
        ("asked_pairs_per_destination", "services per destination in 10 s"),
        ("asked_local_destinations", "destinations inside the site in 10 s"),
        ("asked_group_flows", "multicast and broadcast conversations in 10 s"),
        ("asked_packets_out", "packets sent in its own conversations in 10 s"),
        ("asked_bytes_out", "bytes sent in its own conversations in 10 s"),
        ("asked_packets_in", "packets received in its own conversations in 10 s"),
        ("asked_bytes_in", "bytes received in its own conversations in 10 s"),
        ("asked_packet_size_out", "mean bytes of a packet sent"),
        ("asked_packet_size_in", "mean bytes of a packet received"),
        ("asked_out_percent", "percent of bytes that it sent"),
        ("ended_flows", "own conversations ended in 10 s"),
        ("ended_seconds", "mean seconds of a conversation"),
        ("ended_packets", "mean packets of a conversation"),
        ("ended_tiny", "conversations of at most two packets in 10 s"),
        ("ended_by_reset", "conversations that ended by reset in 10 s"),
        ("odd_flag_flows", "TCP packets with impossible flags, by port, in 10 s"),
        ("midstream_flows", "conversations first seen in their middle in 10 s"),
        ("dns_flows", "name look-ups in 10 s"),
        ("dns_packets", "packets of name look-ups in 10 s"),
        ("dns_packet_size_out", "mean bytes of a question"),
        ("dns_packet_size_in", "mean bytes of an answer"),
        ("icmp_packets", "ICMP packets sent in 10 s"),
        ("icmp_packet_size", "mean bytes of an ICMP packet sent"),
        ("encrypted_flows", "encrypted conversations in 10 s"),
        ("plain_flows", "clear-text conversations in 10 s"),
        ("login_failures", "failed log-ins at others in 10 s"),
        ("login_successes", "log-ins at others in 10 s"),
        ("served_flows", "conversations that others began with it in 10 s"),
        ("served_sources", "others that began conversations in 10 s"),
        ("served_services", "own services that others asked for in 10 s"),
        ("served_failed", "conversations of others that came to nothing in 10 s"),
        ("served_packets_in", "packets received in conversations of others in 10 s"),
        ("served_bytes_in", "bytes received in conversations of others in 10 s"),
        ("served_bytes_out", "bytes sent in conversations of others in 10 s"),
        ("served_login_failures", "failed log-ins at its own services in 10 s"),
        ("neighbor_requests", "ARP and neighbor requests in 10 s"),
        ("neighbor_targets", "addresses asked for by ARP in 10 s"),
        ("flows_per_minute", "conversations begun a minute, lately"),
        ("flows_per_ten_minutes", "conversations begun in ten minutes, lately"),
        ("failed_per_ten_minutes", "failed conversations in ten minutes, lately"),
        ("new_destinations_per_ten_minutes", "new destinations in ten minutes, lately"),
        ("gap_seconds", "mean seconds between conversations"),
        ("gap_variation", "variation of the time between conversations"),
    ];

    /// <summary>Names, in the order of a window's values.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Rows.Select(row => row.Name)];

    /// <summary>The same for people.</summary>
    public static IReadOnlyList<string> Texts { get; } = [.. Rows.Select(row => row.Text)];

    public static int Count => Rows.Length;
}
