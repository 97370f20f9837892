using Appliance.Router.Decoding;
using Appliance.Router.Flows;
using Appliance.Router.Nftables;
using Appliance.Router.Traffic;

namespace Appliance.Router.Tests.Nftables;

public sealed class ConntrackCodecTests
{
    [Fact]
    public void Damaged_connections_are_read_or_passed_over()
    {
        var seeds = ConntrackSamples.All.Select(Convert.FromHexString).ToArray();
        var random = new Random(20261130);
        var read = 0;
        var refused = 0;

        for (var round = 0; round < 1_000_000; round++)
        {
            var reader = new MessageReader(Mutate(seeds[round % seeds.Length], random));
            while (reader.TryRead(out _, out var payload))
            {
                if (ConntrackEntry.TryRead(payload, out var connection))
                {
                    read++;
                    Assert.True(connection.PacketsOut >= 0 && connection.BytesIn >= 0 && connection.State.Length > 0);
                    Assert.True(round % 16 != 0 || (ConnectionName.TryParse(connection.Name.ToString(), out var name) && name == connection.Name));
                }
                else
                {
                    refused++;
                }
            }
        }

        Assert.InRange(read, 100_000, int.MaxValue);
        Assert.InRange(refused, 100_000, int.MaxValue);
    }

    [Fact]
    public void Connection_is_read_as_the_kernel_wrote_it()
    {
        var (tcp, ping, translated) = (Read(ConntrackSamples.Tcp6), Read(ConntrackSamples.Ping), Read(ConntrackSamples.Translated));

        Assert.Equal(ConntrackSamples.Tcp6Text, Text(tcp));
        Assert.Equal(ConntrackSamples.PingText, Text(ping));
        Assert.Equal(ConntrackSamples.TranslatedText, Text(translated));
    }

    [Fact]
    public void Deletion_names_the_whole_tuple_and_the_number()
    {
        var tuple = new ConnectionTuple(new FlowKey(IPAddresses.FromIPv4(0xC0000207), IPAddresses.FromIPv4(0xC0000208), 4000, 23, 6), 0);
        var writer = new MessageWriter(new byte[256]);

        ConntrackRequest.WriteDelete(ref writer, 5, new ConnectionName(0xdeadbeef, 7, tuple));

        Assert.Equal(
            "5800000002010500" + "0500000000000000" + "02000000" +
            "34000180" + "14000180" + "08000100c0000207" + "08000200c0000208" + "1c000280" + "0500010006000000" + "060002000fa00000" + "0600030000170000" +
            "0600120000070000" + "08000c00deadbeef",
            Convert.ToHexStringLower(writer.Written));
    }

    private static Connection Read(string bytes)
    {
        var reader = new MessageReader(Convert.FromHexString(bytes));
        Assert.True(reader.TryRead(out _, out var payload));
        Assert.True(ConntrackEntry.TryRead(payload, out var connection));
        return connection;
    }

    private static string Text(in Connection connection) =>
        $"{connection.Name} {connection.State} {connection.PacketsOut}/{connection.BytesOut} {connection.PacketsIn}/{connection.BytesIn} "
        + $"translated {connection.IsTranslated} mark {connection.Mark} left {connection.IdleLeft.TotalSeconds}";

    private static byte[] Mutate(byte[] seed, Random random)
    {
        var bytes = seed.ToArray();
        for (var change = random.Next(1, 5); change > 0; change--)
        {
            bytes[random.Next(bytes.Length)] = random.Next(4) switch
            {
                0 => 0,
                1 => 0xFF,
                _ => (byte)random.Next(256),
            };
        }

        return random.Next(8) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }
}
