using Appliance.Router.Capture;

namespace Appliance.Benchmarks.Traffic;

/// <summary>Frames of a recorded capture in memory, the same number whatever the capture holds.</summary>
internal sealed class Frames
{
    public const int Count = 16_384;

    private readonly byte[][] _bytes = new byte[Count][];
    private readonly long[] _times = new long[Count];

    private Frames()
    {
    }

    /// <summary>From the first frame to the last, so that a further round can begin later.</summary>
    public long Duration => _times[^1] - _times[0] + 1;

    /// <summary>The recorded home: nine devices and what attacks them, again and again until there are enough frames.</summary>
    public static Frames OfHome() => Read(Path.Combine(Checkout.Folder, "traffic", "home.pcapng"));

    public Frame At(int index, long shift) => new(_bytes[index], _bytes[index].Length, _times[index] + shift, LinkType.Ethernet);

    /// <summary>Writes all as a classic capture.</summary>
    public void WriteTo(string path)
    {
        using var writer = new BinaryWriter(File.Create(path));
        writer.Write(0xa1b23c4d);
        writer.Write(0x0004_0002);
        writer.Write(new byte[8]);
        writer.Write(ushort.MaxValue + 1);
        writer.Write((int)LinkType.Ethernet);
        for (var i = 0; i < Count; i++)
        {
            var (seconds, rest) = Math.DivRem(_times[i], 1_000_000_000);
            writer.Write((uint)seconds);
            writer.Write((uint)rest);
            writer.Write(_bytes[i].Length);
            writer.Write(_bytes[i].Length);
            writer.Write(_bytes[i]);
        }
    }

    private static Frames Read(string path)
    {
        var frames = new Frames();
        long shift = 0, last = 0;
        for (var i = 0; i < Count;)
        {
            using var capture = new CaptureFile(path);
            while (i < Count && capture.Read(out var frame) == ReadOutcome.Frame)
            {
                frames._bytes[i] = frame.Bytes.ToArray();
                frames._times[i++] = last = frame.Time + shift;
            }

            shift = last - frames._times[0] + 1_000_000_000;
            if (capture.Fault is { } fault)
            {
                throw new InvalidDataException(fault.Text);
            }
        }

        return frames;
    }
}
