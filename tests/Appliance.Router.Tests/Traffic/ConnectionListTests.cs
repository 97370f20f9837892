using Appliance.Router.Decoding;
using Appliance.Router.Flows;
using Appliance.Router.Traffic;

namespace Appliance.Router.Tests.Traffic;

public sealed class ConnectionListTests
{
    [Theory]
    [InlineData("192.0.2.7", "192.0.2.8", 6, 4000, 23, 0)]
    [InlineData("2001:db8::7", "2001:db8::8", 17, 65535, 53, 0)]
    [InlineData("fe80::1", "ff02::1", 58, 128, 0, 4711)]
    [InlineData("::1", "::2", 132, 1, 2, 0)]
    public void Name_is_read_back_as_it_was_written(string source, string destination, byte protocol, int sourcePort, int destinationPort, int icmpId)
    {
        var name = new ConnectionName(0xdeadbeef, 7, new(new FlowKey(Address(source), Address(destination), (ushort)sourcePort, (ushort)destinationPort, protocol), (ushort)icmpId));

        var isRead = ConnectionName.TryParse(name.ToString(), out var read);

        Assert.True(isRead);
        Assert.Equal(name, read);
    }

    [Fact]
    public void Pages_of_a_changing_table_give_every_lasting_connection_once_though_some_share_the_kernels_number()
    {
        var table = new ListedTable { Connections = [.. Enumerable.Range(0, 10_000).Select(number => Make(number, id: (uint)((number * 7919) % 5000)))] };
        var list = new ConnectionList(table);
        var seen = new List<ConnectionName>();
        ConnectionName? after = null;
        for (var page = list.Read(after, null, 1000); ; page = list.Read(after, null, 1000))
        {
            seen.AddRange(page.Items.Select(connection => connection.Name));
            if (page.NextToken.Length == 0)
            {
                break;
            }

            Assert.True(ConnectionName.TryParse(page.NextToken, out var last));
            after = last;
            table.Connections.RemoveAll(connection => connection.Original.Ends.SourcePort % 1000 == seen.Count / 1000);
        }

        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Superset(table.Connections.Select(connection => connection.Name).ToHashSet(), seen.ToHashSet());
    }

    [Fact]
    public void No_more_is_held_than_a_page()
    {
        var list = new ConnectionList(new EndlessTable(1_000_000));
        list.Read(null, null, 1000);
        var before = GC.GetAllocatedBytesForCurrentThread();

        list.Read(null, null, 1000);

        // A page of 1001 entries of 200 bytes, in a queue that grew by doubling and in order; the whole table would be 200 MB.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 2_000_000);
    }

    [Fact]
    public void List_that_starts_over_forgets_what_it_was_given()
    {
        var list = new ConnectionList(new RestartedTable());

        var page = list.Read(null, null, 10);

        Assert.Equal([2u], page.Items.Select(connection => connection.Id));
    }

    private static UInt128 Address(string text) => IPAddresses.FromBytes(System.Net.IPAddress.Parse(text).GetAddressBytes());

    private static Connection Make(int number, uint id)
    {
        var ends = new FlowKey(IPAddresses.FromIPv4(0x0A000001), IPAddresses.FromIPv4(0x0A010000u + (uint)(number / 60_000)), (ushort)(number % 60_000), 53, 17);
        return new Connection
        {
            Id = id,
            Original = new(ends, 0),
            Reply = new(new FlowKey(ends.Destination, ends.Source, 53, ends.SourcePort, 17), 0),
            State = "UNREPLIED",
        };
    }

    private sealed class ListedTable : IConnectionTracker
    {
        public List<Connection> Connections { get; init; } = [];

        public void Read(ConnectionReader read, Action restart) => Connections.ForEach(connection => read(connection));

        public bool Delete(ConnectionName name) => false;
    }

    private sealed class EndlessTable(int count) : IConnectionTracker
    {
        public void Read(ConnectionReader read, Action restart)
        {
            for (var number = 0; number < count; number++)
            {
                read(Make(number, (uint)number * 2_654_435_761));
            }
        }

        public bool Delete(ConnectionName name) => false;
    }

    private sealed class RestartedTable : IConnectionTracker
    {
        public void Read(ConnectionReader read, Action restart)
        {
            read(Make(1, 1));
            restart();
            read(Make(2, 2));
        }

        public bool Delete(ConnectionName name) => false;
    }
}
