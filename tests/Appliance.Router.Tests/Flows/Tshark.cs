using System.Diagnostics;
using System.Globalization;

namespace Appliance.Router.Tests.Flows;

/// <summary>Wireshark's command line as the independent reader of the same captures.</summary>
internal static class Tshark
{
    private const string Program = "/usr/bin/tshark";
    private const string CapInfos = "/usr/bin/capinfos";

    public static bool IsMissing => !File.Exists(Program) || !File.Exists(CapInfos);

    /// <summary>Packets and IP bytes of each conversation, by its Community ID.</summary>
    public static Dictionary<string, (long Packets, long Bytes)> Conversations(string file)
    {
        var conversations = new Dictionary<string, (long Packets, long Bytes)>(StringComparer.Ordinal);
        string[] fields = ["communityid", "ip.len", "ipv6.plen", "frame.len", "frame.protocols"];
        var lines = Run(
            Program,
            ["-n", "-r", file, "--enable-protocol", "communityid", "-o", "ip.defragment:FALSE", "-T", "fields", "-E", "occurrence=f", "-E", "separator=|", .. fields.SelectMany(field => new[] { "-e", field })]);
        foreach (var cells in lines.Select(line => line.Split('|')).Where(cells => cells[0].Length > 0))
        {
            // A length that the packet lies about counts no more than the wire carried.
            var claimed = cells[1].Length > 0 ? Number(cells[1]) : 40 + Number(cells[2]);
            var bytes = Math.Min(claimed, Number(cells[3]) - LinkLength(cells[4]));
            var known = conversations.GetValueOrDefault(cells[0]);
            conversations[cells[0]] = (known.Packets + 1, known.Bytes + bytes);
        }

        return conversations;
    }

    /// <summary>Values of fields of each frame that a display filter lets through; several values of one field are divided by a tab.</summary>
    /// <remarks>TFTP is off: it takes whatever another datagram from the same port was aimed at its own; a request is told by its head, also when its body never comes.</remarks>
    public static List<string[]> Fields(string file, string filter, params string[] fields) => [.. Run(
        Program,
        ["-n", "-r", file, "-Y", filter, "--disable-protocol", "tftp", "-o", "ip.defragment:FALSE", "-o", "tcp.reassemble_out_of_order:TRUE", "-o", "http.desegment_body:FALSE", "-T", "fields", "-E", "separator=|", "-E", "aggregator=\t", .. fields.SelectMany(field => new[] { "-e", field })])
        .Select(line => line.Split('|'))];

    /// <summary>Packets that capinfos counts.</summary>
    public static long Packets(string file) => Number(Run(CapInfos, ["-c", "-M", "-T", "-r", file])[0].Split('\t')[1]);

    private static long LinkLength(string protocols)
    {
        var length = protocols switch
        {
            _ when protocols.StartsWith("eth", StringComparison.Ordinal) => 14,
            _ when protocols.StartsWith("sll", StringComparison.Ordinal) => 16,
            _ when protocols.StartsWith("null", StringComparison.Ordinal) => 4,
            _ => 0,
        };
        return length + (4 * protocols.Split(':').Count(name => name == "vlan"));
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static string[] Run(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
