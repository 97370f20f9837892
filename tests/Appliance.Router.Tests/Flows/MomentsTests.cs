using System.Runtime.CompilerServices;
using Appliance.Router.Capture;
using Appliance.Router.Flows;
using Appliance.Router.Tests.Decoding;
using CsCheck;

namespace Appliance.Router.Tests.Flows;

public sealed class MomentsTests
{
    private const int Headers = 28;

    // No flow of these tests ends by itself.
    private readonly Wire _wire = new(new FlowOptions { Capacity = 4096, UdpIdle = TimeSpan.FromDays(1) });
    private readonly byte[] _out = Frames.IPv4Frame(Wire.Client, Wire.Server, 17, Frames.Udp(1000, 9, new byte[1400]));
    private readonly byte[] _in = Frames.IPv4Frame(Wire.Server, Wire.Client, 17, Frames.Udp(9, 1000, new byte[1400]));

    [Fact]
    public void Moments_are_those_of_a_plain_reckoning_over_all_packets_whatever_the_clock_does()
    {
        // Steps from an hour back to an hour on; most are of a kind, so that deviations are small beside their means.
        var step = Gen.Frequency((6, Gen.Long[1_000_000_000, 1_000_001_000]), (3, Gen.Long[0, 1_000_000]), (1, Gen.Long[-3_600_000_000_000, 3_600_000_000_000]));
        Gen.Select(Gen.Bool, step, Gen.Int[0, 1400]).List[1, 200].Sample(packets =>
        {
            var test = new MomentsTests();
            var time = Wire.At(4_000_000);
            var seen = packets.Select(packet => (IsOut: packet.Item1, Time: time += packet.Item2, Size: packet.Item3 + Headers)).ToList();
            seen[0] = seen[0] with { IsOut = true };

            seen.ForEach(packet => test.Put(packet.IsOut, packet.Time, packet.Size - Headers));

            var flow = test.Only();
            AssertSame(Sizes(seen, isOut: true), flow.OutSizes);
            AssertSame(Sizes(seen, isOut: false), flow.InSizes);
            AssertSame(Gaps(seen, isOut: true), flow.OutGaps);
            AssertSame(Gaps(seen, isOut: false), flow.InGaps);
        });
    }

    [Fact]
    public void A_beat_of_a_day_that_jitters_by_a_microsecond_keeps_its_deviation()
    {
        for (var i = 0L; i <= 86_400; i++)
        {
            Put(isOut: true, Wire.At(0) + (i * 1_000_000_000) + ((i & 1) * 1000), 10);
        }

        var flow = Only();
        Assert.Equal(1, flow.OutGaps.Mean, 12);
        Assert.Equal(1e-6, flow.OutGaps.Deviation, 1e-12);
        Assert.Equal(new Moments(10 + Headers, 0), flow.OutSizes);
    }

    [Fact]
    public void A_single_packet_has_its_size_and_no_gap()
    {
        Put(isOut: true, Wire.At(1), 100);

        var flow = Only();
        Assert.Equal((new Moments(100 + Headers, 0), default(Moments)), (flow.OutSizes, flow.OutGaps));
        Assert.Equal((default(Moments), default(Moments)), (flow.InSizes, flow.InGaps));
    }

    [Fact]
    public void Moments_of_an_ended_flow_are_those_of_all_its_packets()
    {
        _wire.Out(1, "S").In(1.5, "SA").Out(2, "A").In(2.5, "A", new byte[60]).Out(4, "R");

        var ended = _wire.LastTold;
        Assert.Equal(EndReason.Reset, ended.EndReason);
        Assert.Equal((new Moments(40, 0), new Moments(70, 30)), (ended.OutSizes, ended.InSizes));
        Assert.Equal((new Moments(1.5, 0.5), new Moments(1, 0)), (ended.OutGaps, ended.InGaps));
    }

    // Held here, since the memory of a full table is held to a bound (see EvictionTests).
    [Fact]
    public void A_place_of_the_table_takes_184_bytes()
    {
        Assert.Equal(184, Unsafe.SizeOf<FlowEntry>());
    }

    private void Put(bool isOut, long time, int payload)
    {
        var frame = isOut ? _out : _in;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(16), (ushort)(payload + Headers));
        _wire.Path.Process(new Frame(frame, frame.Length, time, LinkType.Ethernet));
    }

    private Flow Only() => Assert.Single(_wire.Path.ListFlows(long.MaxValue, 2)).Flow;

    private static Moments Sizes(List<(bool IsOut, long Time, int Size)> packets, bool isOut) =>
        TwoPasses([.. packets.Where(packet => packet.IsOut == isOut).Select(packet => (double)packet.Size)]);

    private static Moments Gaps(List<(bool IsOut, long Time, int Size)> packets, bool isOut)
    {
        var times = packets.Where(packet => packet.IsOut == isOut).Select(packet => packet.Time).ToList();
        return TwoPasses([.. Enumerable.Range(1, Math.Max(0, times.Count - 1)).Select(i => Math.Max(0, times[i] - times[..i].Max()) / 1e9)]);
    }

    private static Moments TwoPasses(double[] values)
    {
        var mean = values.Length == 0 ? 0 : values.Average();
        return new(mean, values.Length == 0 ? 0 : Math.Sqrt(values.Average(value => (value - mean) * (value - mean))));
    }

    private static void AssertSame(Moments expected, Moments actual)
    {
        Assert.Equal(expected.Mean, actual.Mean, (1e-12 * expected.Mean) + 1e-12);
        Assert.Equal(expected.Deviation, actual.Deviation, (1e-9 * expected.Deviation) + 1e-12);
    }
}
