using System.Buffers.Binary;
using Appliance.Router.Decoding;
using Appliance.Router.Export;
using Appliance.Router.Flows;
using Appliance.Router.Tests.Decoding;

namespace Appliance.Router.Tests.Export;

public sealed class IpfixMessageTests
{
    private static readonly DateTimeOffset ExportTime = DateTimeOffset.FromUnixTimeSeconds(0x6a7f0001);

    [Fact]
    public void Template_and_records_are_those_of_the_published_example()
    {
        // RFC 7011, A.2.1 and A.3: source, destination, next hop (the VLAN's place in the flow stands in for it), packets and octets of 4 bytes each.
        var template = new FlowTemplate(256, FlowFields.IPv4Addresses, [
            new(15, 4, (in Flow flow, Span<byte> to) => Put(to, 0xc0000200u | flow.VlanId)),
            new(2, 4, (in Flow flow, Span<byte> to) => Put(to, (uint)flow.PacketsOut)),
            new(1, 4, (in Flow flow, Span<byte> to) => Put(to, (uint)flow.BytesOut)),
        ]);
        var message = new IpfixMessage(512, domain: 1);

        Add(message, IpfixMessage.TemplateSet, template.Describe);
        Add(message, template.Id, to => template.Write(Published("192.0.2.12", "192.0.2.254", 1, 5009, 5_344_385), to));
        Add(message, template.Id, to => template.Write(Published("192.0.2.27", "192.0.2.23", 2, 748, 388_934), to));
        Add(message, template.Id, to => template.Write(Published("192.0.2.56", "192.0.2.65", 3, 5, 6_534), to));

        Assert.Equal(
            "000a006c6a7f00010000000000000001"
            + "0002001c01000005" + "00080004000c0004000f00040002000400010004"
            + "01000040"
            + "c000020cc00002fec000020100001391" + "00518c81"
            + "c000021bc0000217c0000202000002ec" + "0005ef46"
            + "c0000238c0000241c000020300000005" + "00001986",
            Convert.ToHexStringLower(message.Finish(ExportTime).Span));
    }

    [Fact]
    public void A_biflow_is_written_value_by_value()
    {
        var flow = new Flow
        {
            Key = new FlowKey(Frames.Value("192.0.2.1"), Frames.Value("198.51.100.2"), 40_000, 22, 6),
            IsIPv4 = true,
            StartTime = 1_000_000_000,
            EndTime = 2_500_999_999,
            PacketsOut = 3,
            PacketsIn = 2,
            BytesOut = 300,
            BytesIn = 200,
            TcpFlagsOut = 0x1b,
            TcpFlagsIn = 0x12,
            SourceMac = new MacAddress(0x0200_0000_0001),
            DestinationMac = new MacAddress(0x0200_0000_0002),
            VlanId = 7,
            EndReason = EndReason.Finished,
            Application = ApplicationKind.Ssh,
            Interface = "lan0",
        };
        var record = new byte[FlowTemplate.MaxBytes];

        var length = FlowTemplate.IPv4.Write(flow, record);

        Assert.Equal(
            "00000000000003e8" + "00000000000009c4" + "c0000201" + "c6336402" + "9c40" + "0016" + "12" + "1b" + "06"
            + "000000000000012c" + "0000000000000003" + "00000000000000c8" + "0000000000000002" + "03" + "01"
            + "020000000001" + "020000000002" + "0007" + "03737368" + "046c616e30",
            Convert.ToHexStringLower(record[..length]));
    }

    [Fact]
    public void Reverse_elements_carry_the_enterprise_of_their_standard()
    {
        var record = new byte[FlowTemplate.MaxBytes];

        var length = FlowTemplate.IcmpV6.Describe(record);

        Assert.Equal(
            "0103" + "0011" + "00980008" + "00990008" + "001b0010" + "001c0010" + "008b0002" + "00040001" + "00010008" + "00020008"
            + "8001000800007279" + "8002000800007279" + "00880001" + "00ef0001" + "00380006" + "00500006" + "003a0002" + "0060ffff" + "0052ffff",
            Convert.ToHexStringLower(record[..length]));
    }

    [Fact]
    public void Numbers_count_the_data_records_before_the_message()
    {
        var message = new IpfixMessage(512, 1);
        message.TryAdd(IpfixMessage.TemplateSet, new byte[8]);
        message.TryAdd(256, new byte[8]);
        message.TryAdd(257, new byte[8]);
        message.Finish(ExportTime);

        message.TryAdd(256, new byte[8]);
        var second = Sequence(message.Finish(ExportTime));

        Assert.Equal(2u, second);
    }

    [Fact]
    public void A_message_never_grows_past_its_bound()
    {
        var message = new IpfixMessage(512, 1);
        var count = 0;

        while (message.TryAdd(256, new byte[100]))
        {
            count++;
        }

        Assert.Equal((4, 420), (count, message.Finish(ExportTime).Length));
    }

    [Fact]
    public void Figures_are_an_options_record_in_the_scope_of_the_domain()
    {
        var figures = new ExportFigures();
        figures.Sent(bytes: 1000, flows: 12);
        figures.Unsent(3);
        var described = new byte[ExportFigures.MaxBytes];
        var written = new byte[ExportFigures.MaxBytes];

        var template = ExportFigures.Describe(described);
        var record = figures.Write(domain: 5, written);

        Assert.Equal("0104" + "0005" + "0001" + "00950004" + "00290008" + "002a0008" + "00280008" + "00a60008", Convert.ToHexStringLower(described[..template]));
        Assert.Equal("00000005" + "0000000000000001" + "000000000000000c" + "00000000000003e8" + "0000000000000003", Convert.ToHexStringLower(written[..record]));
    }

    private static uint Sequence(ReadOnlyMemory<byte> message) => BinaryPrimitives.ReadUInt32BigEndian(message.Span[8..]);

    private static Flow Published(string source, string destination, ushort nextHop, long packets, long octets) => new()
    {
        Key = new FlowKey(Frames.Value(source), Frames.Value(destination), 0, 0, 6), IsIPv4 = true, VlanId = nextHop, PacketsOut = packets, BytesOut = octets,
    };

    private static int Put(Span<byte> to, uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(to, value);
        return sizeof(uint);
    }

    private static void Add(IpfixMessage message, ushort set, Writing write)
    {
        var record = new byte[FlowTemplate.MaxBytes];
        Assert.True(message.TryAdd(set, record.AsSpan(0, write(record))));
    }

    private delegate int Writing(Span<byte> to);
}
