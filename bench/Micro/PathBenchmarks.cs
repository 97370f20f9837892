using Appliance.Benchmarks.Traffic;
using Appliance.Router;
using Appliance.Router.Capture;
using Appliance.Router.Flows;
using BenchmarkDotNet.Attributes;

namespace Appliance.Benchmarks.Micro;

/// <summary>Decoder and flow table together; figures are for one packet.</summary>
[Config(typeof(QuickConfig))]
public class PathBenchmarks
{
    private readonly Frames _frames = Frames.OfHome();
    private readonly PacketPath _home = new(new FlowOptions(), new NoSink(), null);
    private readonly PacketPath _long = new(new FlowOptions(), new NoSink(), null);
    private readonly PacketPath _spoofed = new(new FlowOptions(), new NoSink(), null);
    private readonly byte[] _datagram = Datagram.Bytes();
    private long _shift;
    private uint _source;

    /// <summary>The recorded home, with its attacks, on a clock that goes on.</summary>
    [Benchmark(OperationsPerInvoke = Frames.Count)]
    public void Home()
    {
        for (var i = 0; i < Frames.Count; i++)
        {
            _home.Process(_frames.At(i, _shift));
        }

        _shift += _frames.Duration;
    }

    /// <summary>Sixty-four long flows.</summary>
    [Benchmark(OperationsPerInvoke = Frames.Count)]
    public void FewLongFlows()
    {
        for (var i = 0; i < Frames.Count; i++)
        {
            Datagram.SetSourcePort(_datagram, (ushort)(1024 + (i & 63)));
            _long.Process(new Frame(_datagram, _datagram.Length, _shift += 1000, LinkType.Ethernet));
        }
    }

    /// <summary>Every packet from an address never seen before, with the table full: eviction included.</summary>
    [Benchmark(OperationsPerInvoke = Frames.Count)]
    public void SpoofedSources()
    {
        for (var i = 0; i < Frames.Count; i++)
        {
            Datagram.SetSource(_datagram, _source++);
            _spoofed.Process(new Frame(_datagram, _datagram.Length, _shift += 1000, LinkType.Ethernet));
        }
    }
}
