using Appliance.Router.Decoding;
using Appliance.Router.Devices;
using CsCheck;

namespace Appliance.Router.Tests.Devices;

public sealed class StationTableTests
{
    [Fact]
    public void Bytes_are_counted_as_a_dictionary_would() => Gen.Select(Gen.ULong[1, 40], Gen.ULong[1, 40], Gen.Long[1, 1500]).Array[0, 300].Sample(frames =>
    {
        var table = new StationTable(256);
        foreach (var (source, destination, bytes) in frames)
        {
            table.Count(new(source), new(destination), bytes, bytes);
        }

        var expected = Enumerable.Range(1, 40).Select(mac => (ulong)mac).Select(mac => (
            Mac: mac,
            Out: frames.Where(frame => frame.Item1 == mac).Sum(frame => frame.Item3),
            In: frames.Where(frame => frame.Item2 == mac).Sum(frame => frame.Item3))).Where(station => station.Out + station.In > 0);
        Assert.Equal(expected, table.Read().Select(station => (Mac: station.Mac.Value, Out: station.OutBytes, In: station.InBytes)).OrderBy(station => station.Mac));
    });

    [Fact]
    public void Groups_and_links_without_addresses_are_no_stations()
    {
        var table = new StationTable(16);

        table.Count(default, new MacAddress(0xffff_ffff_ffff), 100, 1);
        table.Count(new MacAddress(0x0100_5e00_00fb), default, 100, 1);

        Assert.Empty(table.Read());
        Assert.Equal(0, table.UncountedCount);
    }

    [Fact]
    public void More_stations_than_there_is_room_for_are_counted_as_such()
    {
        var table = new StationTable(16);

        for (var mac = 1ul; mac <= 1000; mac++)
        {
            table.Count(new MacAddress(mac), default, 100, 1);
        }

        Assert.Equal(1000, table.Read().Length + table.UncountedCount);
        Assert.InRange(table.Read().Length, 16, 32);
    }

    [Fact]
    public void Cleared_table_is_empty()
    {
        var table = new StationTable(16);
        table.Count(new MacAddress(1), new MacAddress(2), 100, 1);

        table.Clear();

        Assert.Empty(table.Read());
    }
}
