using Appliance.Router.Capture;
using Appliance.Router.Decoding;
using Appliance.Router.Decoding.Dns;
using Appliance.Router.Decoding.Http;
using Appliance.Router.Flows;
using Appliance.Router.Tests.Decoding.Dns;
using Appliance.Router.Tests.Flows;
using CsCheck;

namespace Appliance.Router.Tests.Decoding;

public sealed class FragmentAssemblyTests
{
    private const int Capacity = 16;
    private const int CapacityBytes = 65_536;
    private static readonly byte[] Query = DnsMessages.Message(0x0100, [DnsMessages.Question(DnsMessages.Name("a-rather-long-name.of-a-camera.example"), 1)]);
    private static readonly byte[] Datagram = Frames.Udp(40000, 53, Query);
    private readonly Wire _wire = new(new FlowOptions { Capacity = 4096, FragmentBytes = CapacityBytes, FragmentedDatagrams = Capacity });

    private FragmentLosses Lost => _wire.Path.Totals.LostDatagrams;

    [Fact]
    public void A_datagram_in_pieces_of_any_size_and_order_is_read_as_if_it_were_whole() =>
        Gen.Select(Gen.Int[1, 6].List[0, 6], Gen.Bool, Gen.Int[0, 1000]).Sample((cuts, isIPv4, seed) =>
        {
            var test = new FragmentAssemblyTests();
            var pieces = Pieces(Datagram, cuts).ToArray();
            new Random(seed).Shuffle(pieces.AsSpan(1));

            foreach (var (offset, bytes, hasMore) in pieces)
            {
                test.Put(offset, bytes, hasMore, isIPv4);
            }

            var fact = Assert.IsType<DnsFact>(Assert.Single(test._wire.Sink.Facts));
            Assert.Equal("a-rather-long-name.of-a-camera.example", Assert.Single(fact.Questions).Name);
            var flow = Assert.Single(test._wire.Path.ListFlows(long.MaxValue, 10)).Flow;
            Assert.Equal((pieces.Length, pieces.Sum(piece => piece.Bytes.Length + (isIPv4 ? 20 : 48))), ((int)flow.PacketsOut, (int)flow.BytesOut));
        });

    [Fact]
    public void A_first_fragment_that_comes_last_completes_the_datagram()
    {
        Put(32, Datagram[32..], hasMore: false).Put(0, Datagram[..32], hasMore: true);

        Assert.Single(_wire.Sink.Facts);
    }

    [Fact]
    public void A_part_says_nothing()
    {
        Put(0, Datagram[..48], hasMore: true);

        Assert.Empty(_wire.Sink.Facts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_datagram_whose_fragments_overlap_is_dropped_with_all_that_follows(bool isIPv4)
    {
        Put(0, Datagram[..32], hasMore: true, isIPv4).Put(24, Datagram[24..48], hasMore: true, isIPv4)
            .Put(32, Datagram[32..], hasMore: false, isIPv4).Put(0, Datagram[..32], hasMore: true, isIPv4);

        Assert.Empty(_wire.Sink.Facts);
        Assert.Equal(new FragmentLosses(1, 0, 0, 0), Lost);
    }

    [Fact]
    public void The_same_fragment_again_changes_nothing()
    {
        Put(0, Datagram[..32], hasMore: true).Put(0, Datagram[..32], hasMore: true).Put(32, Datagram[32..], hasMore: false);

        Assert.Single(_wire.Sink.Facts);
        Assert.Equal(default, Lost);
    }

    [Fact]
    public void Other_bytes_in_the_same_place_are_an_overlap()
    {
        Put(0, Datagram[..32], hasMore: true).Put(0, [.. Datagram[..31], 0xff], hasMore: true).Put(32, Datagram[32..], hasMore: false);

        Assert.Empty(_wire.Sink.Facts);
        Assert.Equal(1, Lost.Overlapping);
    }

    [Theory]
    [InlineData(0, 31, true)]
    [InlineData(65_528, 16, false)]
    [InlineData(16, 8, false)]
    public void A_fragment_of_impossible_length_gives_its_datagram_up(int offset, int length, bool hasMore)
    {
        Put(32, new byte[16], hasMore: true).Put(offset, Datagram[..length], hasMore);

        Assert.Equal(new FragmentLosses(0, 1, 0, 0), Lost);
    }

    [Fact]
    public void A_first_fragment_that_hides_the_transport_header_gives_its_datagram_up()
    {
        var segment = Frames.Tcp(1000, 80, 0x18, "GET / HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray(), sequence: 101);
        _wire.Put(1, Frames.Ethernet(0x0800, Frames.IPv4(Wire.Client, Wire.Server, 6, segment[..8], id: 7, more: true)));

        Assert.Equal(1, Lost.Malformed);
    }

    [Fact]
    public void What_does_not_come_within_thirty_seconds_is_missing()
    {
        Put(0, Datagram[..32], hasMore: true).Put(32, Datagram[32..], hasMore: false, at: 40);

        Assert.Empty(_wire.Sink.Facts);
        Assert.Equal(1, Lost.Expired);
    }

    [Fact]
    public void More_datagrams_than_there_is_room_for_push_out_the_oldest()
    {
        for (ushort id = 1; id <= Capacity + 1; id++)
        {
            Put(0, Datagram[..32], hasMore: true, id: id);
        }

        Put(32, Datagram[32..], hasMore: false, id: 1).Put(32, Datagram[32..], hasMore: false, id: Capacity + 1);

        // The rest of the first one begins a datagram that pushes out the second.
        Assert.Single(_wire.Sink.Facts);
        Assert.Equal(2, Lost.Crowded);
    }

    [Fact]
    public void More_bytes_than_there_is_room_for_push_out_the_oldest()
    {
        var assembly = new FragmentAssembly(CapacityBytes, Capacity);
        for (var id = 1; id <= 10; id++)
        {
            Take(assembly, Frames.IPv4(Wire.Client, Wire.Server, 17, Frames.Udp(40000, 53, new byte[15_992]), id: (ushort)id, more: true));
            Assert.InRange(assembly.HeldBytes, 1, CapacityBytes);
        }

        Assert.Equal((4, 6L), (assembly.Count, assembly.Losses.Crowded));
    }

    [Fact]
    public void Fragments_that_nobody_reads_take_no_room()
    {
        var assembly = new FragmentAssembly(CapacityBytes, Capacity);

        Take(assembly, Frames.IPv4(Wire.Client, Wire.Server, 17, Frames.Udp(40000, 9, new byte[1472]), more: true));
        Take(assembly, Frames.IPv4(Wire.Client, Wire.Server, 1, Frames.Icmp(8, 0, new byte[1472]), more: true));

        Assert.Equal((0, 0), (assembly.Count, assembly.HeldBytes));
    }

    [Fact]
    public void All_room_is_given_back()
    {
        var assembly = new FragmentAssembly(CapacityBytes, Capacity);
        for (ushort id = 1; id <= 100; id++)
        {
            Take(assembly, Frames.IPv4(Wire.Client, Wire.Server, 17, Datagram[..32], id: id, more: true));
            Take(assembly, Frames.IPv4(Wire.Client, Wire.Server, 17, Datagram[32..], id: id, offset: 32), port: 53);
        }

        Assert.Equal((0, 0, default), (assembly.Count, assembly.HeldBytes, assembly.Losses));
    }

    [Fact]
    public void A_segment_in_fragments_goes_to_its_place_in_the_stream()
    {
        var segment = Frames.Tcp(1000, 80, 0x18, "GET / HTTP/1.1\r\nHost: cam.example\r\n\r\n"u8.ToArray(), sequence: 101);
        _wire.Out(1, "S").In(2, "SA")
            .Put(3, Frames.Ethernet(0x0800, Frames.IPv4(Wire.Client, Wire.Server, 6, segment[..24], id: 7, more: true)))
            .Put(3, Frames.Ethernet(0x0800, Frames.IPv4(Wire.Client, Wire.Server, 6, segment[24..], id: 7, offset: 24)));

        Assert.Equal("cam.example", Assert.IsType<HttpFact>(Assert.Single(_wire.Sink.Facts)).Host);
    }

    [Fact]
    public void Headers_within_the_fragments_of_ipv6_are_no_payload()
    {
        var part = Frames.Extension(17, 1, Datagram);
        _wire.Put(1, IPv6(60, 0, part[..40], hasMore: true)).Put(1, IPv6(60, 40, part[40..], hasMore: false));

        Assert.Single(_wire.Sink.Facts);
    }

    private static IEnumerable<(int Offset, byte[] Bytes, bool HasMore)> Pieces(byte[] datagram, List<int> units)
    {
        var offset = 0;
        foreach (var length in units.Select((count, index) => index == 0 ? Math.Max(2, count) * 8 : count * 8))
        {
            if (offset + length >= datagram.Length)
            {
                break;
            }

            yield return (offset, datagram[offset..(offset + length)], true);
            offset += length;
        }

        yield return (offset, datagram[offset..], false);
    }

    private static byte[] IPv6(byte next, int offset, byte[] bytes, bool hasMore, uint id = 7) =>
        Frames.Ethernet(0x86dd, Frames.IPv6("fd00::1", "fd00::2", 44, Frames.FragmentExtension(next, id, offset, hasMore, bytes)));

    private static void Take(FragmentAssembly assembly, byte[] packet, ushort port = 0)
    {
        var frame = Frames.Ethernet(0x0800, packet);
        PacketDecoder.TryDecode(new Frame(frame, frame.Length, Wire.At(1), LinkType.Ethernet), out var decoded);
        if (port != 0)
        {
            (decoded.SourcePort, decoded.DestinationPort) = (40000, port);
        }

        var piece = decoded.Payload;
        decoded.Payload = piece[decoded.HeaderBytes..];
        assembly.Take(ref decoded, piece);
    }

    private FragmentAssemblyTests Put(int offset, byte[] bytes, bool hasMore, bool isIPv4 = true, double at = 1, ushort id = 7)
    {
        _wire.Put(at, isIPv4
            ? Frames.Ethernet(0x0800, Frames.IPv4(Wire.Client, Wire.Server, 17, bytes, id: id, offset: offset, more: hasMore))
            : IPv6(17, offset, bytes, hasMore, id));
        return this;
    }
}
