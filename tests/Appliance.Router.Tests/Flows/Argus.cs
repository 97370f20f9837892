using System.Globalization;
using Appliance.Router.Tests.Nftables;
using Appliance.Tests.Shared;

namespace Appliance.Router.Tests.Flows;

/// <summary>Argus as the second independent reader of the same captures: it keeps flows, where Wireshark keeps packets.</summary>
internal static class Argus
{
    private const string Program = "/usr/sbin/argus";
    private const string Reader = "/usr/bin/ra";
    private static readonly string[] Fields = ["proto", "saddr:50", "sport", "daddr:50", "dport", "spkts", "dpkts", "sbytes", "dbytes", "state"];

    public static bool IsMissing => !File.Exists(Program) || !File.Exists(Reader);

    /// <summary>Its flow records, those about itself left out.</summary>
    /// <remarks>By way of a file: into a pipe Argus 3.0.8 ends before its last records are written.</remarks>
    public static IReadOnlyList<ArgusRecord> Read(string capture)
    {
        using var folder = new TempFolder();
        var file = folder.File("argus");
        Command.Run(Program, "-X", "-r", capture, "-w", file);
        var lines = Command.Run(Reader, ["-X", "-r", file, "-u", "-n", "-L", "-1", "-c", "|", "-s", .. Fields, "-", "not", "man"]);
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Select(Read)];
    }

    private static ArgusRecord Read(string[] cells) =>
        new(cells[0], cells[1], cells[2], cells[3], cells[4], Number(cells[5]) + Number(cells[6]), Number(cells[7]) + Number(cells[8]), cells[9]);

    private static long Number(string text) => text.Length == 0 ? 0 : long.Parse(text, CultureInfo.InvariantCulture);
}
