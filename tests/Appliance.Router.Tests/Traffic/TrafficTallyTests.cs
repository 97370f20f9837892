using Appliance.Router.Decoding;
using Appliance.Router.Tests.Decoding;
using Appliance.Router.Traffic;
using CsCheck;

namespace Appliance.Router.Tests.Traffic;

public sealed class TrafficTallyTests
{
    private static readonly UInt128 Local = Frames.Value("192.168.1.21");

    // To or from one of forty remote addresses of both families.
    private static readonly Gen<(bool IsOut, UInt128 Remote, byte Protocol, long Bytes)[]> Packets =
        Gen.Select(Gen.Bool, Gen.UInt[1, 40], Gen.Byte, Gen.Long[60, 1514], (isOut, number, protocol, bytes) => (isOut, Remote(number), protocol, bytes)).Array[0, 300];

    [Fact]
    public void Packets_are_counted_as_dictionaries_would() => Packets.Sample(packets =>
    {
        var tally = Tally(packets);

        Assert.Equal(
            packets.GroupBy(packet => packet.Protocol).Select(group => (group.Key, group.LongCount(), group.Sum(packet => packet.Bytes))).Order(),
            tally.ReadProtocols().Order());
        Assert.Equal(
            packets.GroupBy(packet => packet.Remote).Select(group => new Destination(
                group.Key,
                group.LongCount(packet => packet.IsOut),
                group.LongCount(packet => !packet.IsOut),
                group.Where(packet => packet.IsOut).Sum(packet => packet.Bytes),
                group.Where(packet => !packet.IsOut).Sum(packet => packet.Bytes))).OrderBy(destination => destination.Address),
            tally.ReadDestinations().OrderBy(destination => destination.Address));
        Assert.Equal(0, tally.UncountedCount);
    });

    [Fact]
    public void Tallies_of_several_threads_add_up_to_that_of_one() => Gen.Select(Packets, Packets).Sample((first, second) =>
    {
        var sum = Tally(first);

        sum.Add(Tally(second));

        var one = Tally([.. first, .. second]);
        Assert.Equal(one.ReadProtocols(), sum.ReadProtocols());
        Assert.Equal(one.ReadDestinations().OrderBy(destination => destination.Address), sum.ReadDestinations().OrderBy(destination => destination.Address));
    });

    [Fact]
    public void Traffic_within_the_site_and_to_groups_has_no_destination()
    {
        var tally = new TrafficTally();

        tally.Count(new Packet { IsIP = true, Protocol = 17, Source = Local, Destination = Frames.Value("224.0.0.251") }, 100);

        Assert.Empty(tally.ReadDestinations());
        Assert.Equal([((byte)17, 1L, 100L)], tally.ReadProtocols());
    }

    [Fact]
    public void What_is_no_ip_packet_is_not_counted()
    {
        var tally = new TrafficTally();

        tally.Count(default, 100);

        Assert.Empty(tally.ReadProtocols());
    }

    [Fact]
    public void More_addresses_than_there_is_room_for_are_counted_as_such()
    {
        var tally = Tally([.. Enumerable.Range(1, 100_000).Select(number => (true, Remote((uint)number), (byte)6, 60L))]);

        var counted = tally.ReadDestinations();
        Assert.InRange(counted.Count, 4096, 8192);
        Assert.Equal(100_000, counted.Sum(destination => destination.PacketsOut) + tally.UncountedCount);
    }

    [Fact]
    public void Cleared_tally_is_empty()
    {
        var tally = Tally([(true, Remote(1), 6, 60)]);

        tally.Clear();

        Assert.Empty(tally.ReadProtocols());
        Assert.Empty(tally.ReadDestinations());
    }

    private static TrafficTally Tally((bool IsOut, UInt128 Remote, byte Protocol, long Bytes)[] packets)
    {
        var tally = new TrafficTally();
        foreach (var (isOut, remote, protocol, bytes) in packets)
        {
            var (source, destination) = isOut ? (Local, remote) : (remote, Local);
            tally.Count(new Packet { IsIP = true, Protocol = protocol, Source = source, Destination = destination }, bytes);
        }

        return tally;
    }

    private static UInt128 Remote(uint number) => (number & 1) == 0 ? IPAddresses.FromIPv4(0xcb00_0000 + number) : ((UInt128)0x2001_0db8 << 96) + number;
}
