using Appliance.Router.Capture;
using Appliance.Router.Flows;
using Appliance.Router.Tests.Capture;
using Appliance.Router.Tests.Decoding;
using Appliance.Tests.Shared;

namespace Appliance.Router.Tests.Flows;

public sealed class AllocationTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void No_packet_allocates_from_the_file_to_the_event()
    {
        var file = _folder.File("mixed.pcap");
        File.WriteAllBytes(file, Capture(rounds: 400));
        var path = new PacketPath(new FlowOptions { Capacity = 4096 }, new Count(), new Count());
        Allocated(file, path);

        // The runtime may take some when it compiles a method anew, but not each time; a packet would.
        var least = Enumerable.Range(0, 5).Min(_ => Allocated(file, path));

        Assert.Equal(0, least);
        Assert.Equal(6 * 400 * 8, path.Totals.Packets);
    }

    private static long Allocated(string file, PacketPath path)
    {
        using var source = new CaptureFile(file);
        var before = GC.GetAllocatedBytesForCurrentThread();
        path.Run(source, CancellationToken.None);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    // Log-ins, floods, fragments, ARP, IPv6 and what nobody can decode.
    private static byte[] Capture(int rounds)
    {
        var frames = Enumerable.Range(1, rounds).SelectMany(round => new[]
        {
            Frames.IPv4Frame("10.0.0.1", "10.0.0.2", 6, Frames.Tcp(round, 21, 0x02)),
            Frames.IPv4Frame("10.0.0.2", "10.0.0.1", 6, Frames.Tcp(21, round, 0x18, "220 FTP\r\n"u8.ToArray(), sequence: 1)),
            Frames.IPv4Frame("10.0.0.1", "10.0.0.2", 6, Frames.Tcp(round, 21, 0x18, "PASS x\r\n"u8.ToArray(), sequence: 1)),
            Frames.IPv4Frame("10.0.0.2", "10.0.0.1", 6, Frames.Tcp(21, round, 0x18, "530 no\r\n"u8.ToArray(), sequence: 10)),
            Frames.Ethernet(0x0800, Frames.IPv4("10.0.0.3", "10.0.0.2", 17, Frames.Udp(1, 2, new byte[100]), id: (ushort)round, more: true)),
            Frames.Ethernet(0x0806, Frames.Arp(1, Frames.SourceMac, "10.0.0.1", "10.0.0.2")),
            Frames.Ethernet(0x86dd, Frames.IPv6("fd00::1", "fd00::2", 58, Frames.Icmp(128, 0))),
            Frames.Ethernet(0x1234, new byte[46]),
        });
        return CaptureBytes.Classic([.. frames]);
    }

    private sealed class Count : IFlowEventSink, IFlowRecordSink
    {
        public long Seen { get; private set; }

        public void Accept(in FlowEvent flowEvent) => Seen++;

        public void Accept(in Flow flow) => Seen++;
    }
}
