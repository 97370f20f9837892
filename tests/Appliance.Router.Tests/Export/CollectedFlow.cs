using System.Globalization;

namespace Appliance.Router.Tests.Export;

/// <summary>A record as nfdump prints it; the rest are flags, end reason, direction, MAC addresses, VLAN, begin and end.</summary>
internal sealed record CollectedFlow(
    string Source, int SourcePort, string Destination, string DestinationPort, int Protocol, long PacketsOut, long BytesOut, long PacketsIn, long BytesIn, string Rest)
{
    public const string Format = "fmt:%sa|%sp|%da|%dp|%pr|%pkt|%byt|%opkt|%obyt|%flg|%end|%bfd|%ismc|%idmc|%svln|%ts|%te";

    public static IReadOnlyList<CollectedFlow> ReadAll(string lines) => [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.Contains('|')).Select(Read)];

    private static CollectedFlow Read(string line)
    {
        var cells = line.Split('|', StringSplitOptions.TrimEntries);
        int Number(int cell) => int.Parse(cells[cell], CultureInfo.InvariantCulture);
        long Long(int cell) => long.Parse(cells[cell], CultureInfo.InvariantCulture);
        return new(cells[0], Number(1), cells[2], cells[3], Number(4), Long(5), Long(6), Long(7), Long(8), string.Join(' ', cells[9..]));
    }
}
