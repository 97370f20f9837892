using System.Globalization;
using System.Net;
using Appliance.Protos.Traffic.V1;

namespace Appliance.Router.Tests.Nftables;

/// <summary>The tool of the netfilter project, as an opinion of its own on what the kernel tracks.</summary>
internal static class ConntrackTool
{
    private const string Program = "/usr/sbin/conntrack";

    public static void SkipUnlessPossible()
    {
        TestNamespace.SkipUnlessPossible();
        Assert.SkipUnless(File.Exists(Program), $"Needs {Program} (conntrack).");
    }

    public static string Run(TestNamespace place, params string[] arguments) =>
        Command.Run("/usr/sbin/ip", ["netns", "exec", place.Name, Program, .. arguments]);

    /// <summary>Every connection in words: protocol, state, both directions with their counters, mark, the kernel's number; and the seconds that it has left.</summary>
    public static IReadOnlyDictionary<string, int> List(TestNamespace place) => new[] { "ipv4", "ipv6" }
        .SelectMany(family => Run(place, "-L", "-f", family, "-o", "extended,id").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        .Select(Read)
        .ToDictionary();

    /// <summary>The kernel's numbers alone.</summary>
    public static IReadOnlyList<uint> ListIds(TestNamespace place) =>
        [.. List(place).Keys.Select(text => uint.Parse(text[(text.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture))];

    /// <summary>The same words from our own list; a connection that nobody translates is answered the other way round.</summary>
    public static string Describe(Connection ours)
    {
        var (source, destination) = (Text(ours.Source), Text(ours.Destination));
        var isTranslated = ours.ReplySource.Length > 0;
        var hasPorts = ours.Protocol is not (1 or 58);
        var forth = hasPorts ? $"{source} {ours.SourcePort} {destination} {ours.DestinationPort}" : $"{source} {destination} type {ours.SourcePort} code {ours.DestinationPort} id {ours.IcmpId}";
        var (from, to) = isTranslated ? (Text(ours.ReplySource), Text(ours.ReplyDestination)) : (destination, source);
        var (fromPort, toPort) = isTranslated ? (ours.ReplySourcePort, ours.ReplyDestinationPort) : (ours.DestinationPort, ours.SourcePort);
        var back = hasPorts ? $"{from} {fromPort} {to} {toPort}" : $"{from} {to}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{ours.Protocol} {ours.State}: {forth}, {ours.PacketsOutCount} packets {ours.OutBytes} bytes; {back}, {ours.PacketsInCount} packets {ours.InBytes} bytes; mark {ours.Mark}, {IdOf(ours)}");
    }

    /// <summary>The kernel's number as the tool prints it.</summary>
    public static uint IdOf(Connection ours) => uint.Parse(ours.Id.Split('-')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static KeyValuePair<string, int> Read(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var protocol = words[3];
        var values = words.Where(word => word.Contains('=', StringComparison.Ordinal)).Select(word => word.Split('=')).ToList();
        var turn = values.FindIndex(1, value => value[0] == "src");
        var end = values.FindIndex(value => value[0] == "mark");
        var (forth, back) = (values[..turn], values[turn..end]);
        var rest = values[end..];
        var state = !words[5].Contains('=', StringComparison.Ordinal) && words[5][0] != '[' ? words[5]
            : line.Contains("[UNREPLIED]", StringComparison.Ordinal) ? "UNREPLIED"
            : line.Contains("[ASSURED]", StringComparison.Ordinal) ? "ASSURED"
            : "SEEN_REPLY";
        var text = $"{protocol} {state}: {Direction(forth, protocol, isForth: true)}; {Direction(back, protocol, isForth: false)}; mark {Of(rest, "mark")}, {Of(rest, "id")}";
        return new(text, int.Parse(words[4], CultureInfo.InvariantCulture));
    }

    private static string Direction(List<string[]> values, string protocol, bool isForth)
    {
        var ends = protocol is not ("1" or "58") ? $"{Of(values, "src")} {Of(values, "sport")} {Of(values, "dst")} {Of(values, "dport")}"
            : isForth ? $"{Of(values, "src")} {Of(values, "dst")} type {Of(values, "type")} code {Of(values, "code")} id {Of(values, "id")}"
            : $"{Of(values, "src")} {Of(values, "dst")}";
        return $"{ends}, {Of(values, "packets")} packets {Of(values, "bytes")} bytes";
    }

    // Protocols without ports, or with keys instead, have none.
    private static string Of(List<string[]> values, string key) => values.FirstOrDefault(value => value[0] == key)?[1] ?? "0";

    private static string Text(Google.Protobuf.ByteString address) => new IPAddress(address.Span).ToString();
}
