using System.Buffers.Binary;
using System.Globalization;
using Appliance.Benchmarks.Traffic;
using Appliance.Router;
using Appliance.Router.Capture;
using Appliance.Router.Flows;

namespace Appliance.Benchmarks.Table;

/// <summary>P3: memory of a process whose flow table has room for a million flows, before, when it is full, and after a flood of spoofed sources.</summary>
internal sealed class TableMeasurement
{
    private const int Capacity = 1_000_000;
    private const int Flood = 3_000_000;
    private const int Known = 10_000;
    private const uint FirstClient = 0x0A00_0000;
    private const uint FirstSpoofed = 0x4000_0000;
    private const ushort KnownPort = 2000;
    private const long Step = 1000;
    private const double Mebi = 1024 * 1024;

    private readonly NoSink _sink = new();
    private readonly byte[] _out = Datagram.Bytes();
    private readonly byte[] _in = Datagram.Bytes();
    private readonly PacketPath _path;
    private long _time = 1_700_000_000_000_000_000;

    private TableMeasurement() => _path = new PacketPath(new FlowOptions { Capacity = Capacity }, _sink, null);

    /// <param name="arguments">How many conversations there are before the flood; those that the flood leaves room for are counted as known.</param>
    public static int Run(string[] arguments)
    {
        var conversations = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : Known;
        var empty = Resident();
        var table = new TableMeasurement();
        for (var i = 0u; i < conversations; i++)
        {
            table.Converse(FirstClient + i);
        }

        var filled = Resident();
        for (var i = 0u; i < Flood; i++)
        {
            table.Spoof(FirstSpoofed + i);
        }

        var flooded = Resident();
        var totals = table._path.Totals;
        var kept = table._path.ListFlows(long.MaxValue, Capacity).Count(listed => listed.Flow.Key.SourcePort == KnownPort);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {conversations} | {Flood} | {empty:0} | {filled:0} | {flooded:0} | {totals.ActiveFlows} | {totals.EvictedFlows} | {kept} |"));
        return 0;
    }

    // What counts as a conversation that somebody has settled into: an answer, and a packet after it.
    private void Converse(uint client)
    {
        Datagram.SetSource(_out, client);
        Datagram.SetSourcePort(_out, KnownPort);
        _out.AsSpan(26, 4).CopyTo(_in.AsSpan(30));
        _out.AsSpan(30, 4).CopyTo(_in.AsSpan(26));
        Datagram.SetSourcePort(_in, Datagram.DestinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(_in.AsSpan(36), KnownPort);
        Put(_out);
        Put(_in);
        Put(_out);
        Put(_in);
    }

    private void Spoof(uint source)
    {
        Datagram.SetSource(_out, source);
        Datagram.SetSourcePort(_out, 1024);
        Put(_out);
    }

    private void Put(byte[] frame) => _path.Process(new Frame(frame, frame.Length, _time += Step, LinkType.Ethernet));

    private static double Resident() => Environment.WorkingSet / Mebi;
}
