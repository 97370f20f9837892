using System.Globalization;
using Appliance.Router.Tests.Capture;
using Appliance.Router.Tests.Decoding;
using Appliance.Router.Tests.Flows;
using Appliance.Tests.Shared;

namespace Appliance.Router.Tests.Export;

/// <summary>What Wireshark makes of messages, in datagrams or on a connection.</summary>
internal sealed record DissectedMessages(IReadOnlyList<string[]> Messages)
{
    private const int Port = 4739;
    private const string Source = "192.0.2.1";
    private const string Destination = "192.0.2.2";
    private static readonly string[] Fields = ["cflow.sequence", "cflow.len", "cflow.flow_end_reason", "cflow.notsent_flows", "cflow.octets", "cflow.packets", "_ws.malformed", "_ws.expert.message", "cflow.appl_name"];

    public long FlowsCount => Messages.Sum(cells => Count(cells[2]));

    /// <summary>Packets of both directions.</summary>
    public long PacketsCount => Messages.Sum(cells => Sum(cells[5]));

    public long BytesCount => Messages.Sum(cells => Sum(cells[4]));

    public IEnumerable<string> Complaints => Messages.SelectMany(cells => cells[6..8]).Where(text => text.Length > 0);

    public IEnumerable<string> Applications => Messages.SelectMany(cells => cells[8].Split('\t'));

    /// <summary>Number of each message, and the number that the records before it make due.</summary>
    public IEnumerable<(long Stated, long Due)> Sequences()
    {
        var due = 0L;
        foreach (var cells in Messages)
        {
            yield return (long.Parse(cells[0], CultureInfo.InvariantCulture), due);
            due += Count(cells[2]) + Count(cells[3]);
        }
    }

    public static DissectedMessages Of(IEnumerable<byte[]> messages, bool isTcp)
    {
        Assert.SkipWhen(Tshark.IsMissing, "tshark is not installed");
        using var folder = new TempFolder();
        var file = folder.File("messages.pcap");
        File.WriteAllBytes(file, CaptureBytes.Classic([.. isTcp ? Segments(messages) : messages.Select(Datagram)]));
        return new(Tshark.Fields(file, "cflow", Fields));
    }

    private static byte[] Datagram(byte[] message) => Frames.IPv4Frame(Source, Destination, 17, Frames.Udp(40_000, Port, message));

    private static IEnumerable<byte[]> Segments(IEnumerable<byte[]> messages)
    {
        yield return Frames.IPv4Frame(Source, Destination, 6, Frames.Tcp(40_000, Port, 0x02));
        var sequence = 1u;
        foreach (var message in messages)
        {
            yield return Frames.IPv4Frame(Source, Destination, 6, Frames.Tcp(40_000, Port, 0x18, message, sequence));
            sequence += (uint)message.Length;
        }
    }

    private static int Count(string cell) => cell.Length == 0 ? 0 : cell.Split('\t').Length;

    private static long Sum(string cell) => cell.Length == 0 ? 0 : cell.Split('\t').Sum(value => long.Parse(value, CultureInfo.InvariantCulture));
}
