using System.Buffers.Binary;
using Appliance.Router;
using Appliance.Router.Capture;
using Appliance.Router.Decoding.Facts;
using Appliance.Router.Flows;

namespace Appliance.Fuzzing.Targets;

/// <summary>Frames down the whole path of a packet: headers, tunnels, fragments, flows, log-ins and facts.</summary>
/// <remarks>An input is a run of frames, since streams and fragments take several: link type, time since the last in units of 10 ms, length in two bytes, bytes.</remarks>
internal sealed class FrameTarget : IFuzzTarget
{
    private const int HeadLength = 4;
    private const long Unit = 10_000_000;

    // A small table fills and evicts within one input.
    private static readonly FlowOptions Small = new() { Capacity = 1024, TrackedLogins = 16 };

    // A conversation shows what it is within its first frames.
    private const int FramesPerSeed = 8;
    private const int MaxSeedBytes = 4096;

    // Ports that a reader turns on; of all others one conversation does.
    private static readonly ushort[] Ports = [21, 22, 23, 53, 67, 80, 123, 443, 546, 547, 1883, 1900, 4789, 5353, 5355, 8883];

    public string Name => "frames";

    public void Run(ReadOnlySpan<byte> input)
    {
        var sink = new Nothing();
        var path = new PacketPath(Small, sink, sink, sink);
        var time = 0L;
        while (input.Length >= HeadLength)
        {
            time += input[1] * Unit;
            var length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(input[2..]), input.Length - HeadLength);
            var bytes = input.Slice(HeadLength, length);
            path.Process(new Frame(bytes, bytes.Length, time, (LinkType)input[0]));
            input = input[(HeadLength + length)..];
        }

        path.Finish();
    }

    /// <summary>The beginnings of the conversations of the recorded traffic, one of each kind by protocol and port.</summary>
    public IEnumerable<byte[]> Seeds() => Recordings.Files().SelectMany(Conversations).DistinctBy(seed => seed.Kind).Select(seed => seed.Bytes);

    private static IEnumerable<(string Kind, byte[] Bytes)> Conversations(string file)
    {
        var seeds = new Dictionary<string, List<byte>>(StringComparer.Ordinal);
        using var source = new CaptureFile(file);
        while (source.Read(out var frame) == ReadOutcome.Frame)
        {
            var kind = KindOf(frame);
            if (!seeds.TryGetValue(kind, out var seed))
            {
                seeds[kind] = seed = [];
            }

            if (Recordings.CountOf(seed) < FramesPerSeed && seed.Count + frame.Bytes.Length + HeadLength <= MaxSeedBytes)
            {
                seed.AddRange([(byte)frame.Link, 1, (byte)frame.Bytes.Length, (byte)(frame.Bytes.Length >> 8)]);
                seed.AddRange(frame.Bytes);
            }
        }

        return seeds.Select(entry => (entry.Key, entry.Value.ToArray()));
    }

    // EtherType, protocol and port tell readers apart well enough; nothing else is made of it.
    private static string KindOf(in Frame frame)
    {
        var bytes = frame.Bytes;
        if (bytes.Length < 54)
        {
            return $"short-{bytes.Length}";
        }

        var isIPv6 = bytes[12] == 0x86;
        var transport = bytes[(isIPv6 ? 54 : 34)..];
        ushort[] ports = transport.Length < 4 ? [] : [BinaryPrimitives.ReadUInt16BigEndian(transport), BinaryPrimitives.ReadUInt16BigEndian(transport[2..])];
        return $"{bytes[12]:x}{bytes[13]:x}-{bytes[isIPv6 ? 20 : 23]}-{Ports.FirstOrDefault(ports.Contains)}";
    }

    private sealed class Nothing : IFlowEventSink, IFlowRecordSink, IFactSink
    {
        public void Accept(in FlowEvent flowEvent)
        {
        }

        public void Accept(in Flow flow)
        {
        }

        public void Accept(Fact fact, long now)
        {
        }
    }
}
