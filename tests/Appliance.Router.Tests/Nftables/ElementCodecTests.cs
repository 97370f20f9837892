using Appliance.Router.Nftables;
using Appliance.Router.Rules;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Nftables;

public sealed class ElementCodecTests
{
    private static readonly SetName Blocked = new("appliance", "blocked4", TargetKind.Address4);
    private static readonly SetName Limited = new("appliance", "limited4b", TargetKind.Address4);

    // What nft 1.0.6 sends for the same commands (--debug=mnl), with sequence numbers 1 and 2 and acknowledgement asked for.
    private const string DeleteBytes =
        "480000000e0a05000100000000000000" + "01000000" +
        "0e0001006170706c69616e6365000000" + "0d000200626c6f636b65643400000000" +
        "14000380100001800c00018008000100" + "0a000001";

    private const string LimitBytes =
        "980000000c0a05040200000000000000" + "01000000" +
        "0e0001006170706c69616e6365000000" + "0e0002006c696d697465643462000000" +
        "6400038060000180" +
        "0c000400000000000036ee80" +
        "0c000180080001000a00000a" +
        "44000780" + "0a0001006c696d6974000000" + "34000280" +
        "0c0001000000000000000007" + "0c0002000000000000000001" + "0800030000000005" + "0800040000000000" + "0800050000000001";

    [Fact]
    public void Deletion_is_written_as_nft_writes_it()
    {
        Assert.Equal(DeleteBytes, Write(NetlinkProtocol.DeleteElement, NetlinkProtocol.Acknowledge, 1, Blocked, new SetElement(Target("10.0.0.1"), default, 0)));
    }

    [Fact]
    public void Element_with_timeout_and_limit_is_written_as_nft_writes_it()
    {
        var element = new SetElement(Target("10.0.0.10"), TimeSpan.FromHours(1), 7);

        Assert.Equal(LimitBytes, Write(NetlinkProtocol.NewElement, NetlinkProtocol.Create | NetlinkProtocol.Acknowledge, 2, Limited, element));
    }

    [Fact]
    public void Part_of_a_millisecond_is_rounded_up_so_that_no_block_is_without_end()
    {
        var element = new SetElement(Target("10.0.0.1"), TimeSpan.FromTicks(1), 0);

        var bytes = Convert.FromHexString(Write(NetlinkProtocol.NewElement, 0, 1, Blocked, element));

        Assert.Contains("0c0004000000000000000001", Convert.ToHexStringLower(bytes));
    }

    [Theory]
    [InlineData("10.0.0.10", TargetKind.Address4, 700)]
    [InlineData("fd00::10", TargetKind.Address6, 0)]
    [InlineData("02:00:5e:00:53:01", TargetKind.Mac, 0)]
    public void What_is_written_is_read_back(string key, TargetKind kind, int packetsPerSecond)
    {
        var bytes = Convert.FromHexString(Write(NetlinkProtocol.NewElement, 0, 1, new SetName("t", "s", kind), new SetElement(Target(key), TimeSpan.FromMinutes(1), packetsPerSecond)));
        var elements = new List<HeldElement>();

        var isRead = ElementCodec.TryRead(bytes.AsSpan(NetlinkProtocol.HeaderLength), kind, elements);

        Assert.True(isRead);
        Assert.Equal([new HeldElement(Target(key), TimeSpan.FromMinutes(1), TimeSpan.Zero, packetsPerSecond)], elements);
    }

    [Fact]
    public void Five_hundred_of_the_largest_elements_fit_one_message()
    {
        var elements = Enumerable.Range(0, ElementCodec.MaxElementsPerMessage)
            .Select(index => new SetElement(new BlockTarget(TargetKind.Address6, UInt128.MaxValue - (uint)index), TimeSpan.FromDays(30), 1_000_000))
            .ToArray();
        var batch = new NetlinkBatch(1, elements.Length, 1);

        batch.Add(NetlinkProtocol.NewElement, 0, new SetName(new string('t', 31), new string('s', 31), TargetKind.Address6), elements);
        batch.End();

        Assert.Single(batch.Parts);
        Assert.InRange(batch.Written.Length, 1, ushort.MaxValue);
    }

    [Fact]
    public void Mutated_answers_are_read_or_passed_over()
    {
        var seeds = new[]
        {
            Convert.FromHexString(LimitBytes),
            Convert.FromHexString(DeleteBytes),
            Convert.FromHexString("4c000000020000030500000000000000" + "feffffff" + "200000000c0a05040500000000000000" + "0c0001006e6f20736574000000000000" + "0800020024000000"),
        };
        var random = new Random(20261124);
        var elements = new List<HeldElement>();
        var read = 0;

        for (var round = 0; round < 1_000_000; round++)
        {
            elements.Clear();
            read += ReadAnything(Mutate(seeds[round % seeds.Length], random), elements);
        }

        // Most mutations keep the outer header, so the inner readers were reached.
        Assert.InRange(read, 300_000, int.MaxValue);
    }

    private static int ReadAnything(byte[] bytes, List<HeldElement> elements)
    {
        var read = 0;
        var reader = new MessageReader(bytes);
        while (reader.TryRead(out var header, out var payload))
        {
            read++;
            Acknowledgement.TryRead(header with { Type = NetlinkProtocol.Error }, payload, out _);
            ElementCodec.TryRead(payload, TargetKind.Address4, elements);
            CounterCodec.TryRead(payload, out _);
        }

        return read;
    }

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

    private static string Write(ushort type, ushort flags, uint sequence, SetName set, SetElement element)
    {
        var buffer = new byte[ElementCodec.Size(1)];
        var writer = new MessageWriter(buffer);
        ElementCodec.Write(ref writer, type, flags, sequence, set, [element]);
        return Convert.ToHexStringLower(writer.Written);
    }
}
