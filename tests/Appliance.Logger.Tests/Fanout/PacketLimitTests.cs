using Appliance.Logger.Fanout.Embedded;

namespace Appliance.Logger.Tests.Fanout;

public sealed class PacketLimitTests
{
    private readonly PacketLimit _limit = new(1000);

    [Fact]
    public void Packets_within_the_limit_pass_however_they_are_cut()
    {
        byte[] ping = [0xC0, 0x00];
        byte[] publish = [0x30, 0xE8, 0x07, .. new byte[1000]];
        byte[] stream = [.. ping, .. publish, .. ping];

        Assert.All(stream, one => Assert.True(_limit.TryPass([one])));
        Assert.True(_limit.TryPass(stream));
    }

    [Theory]
    [InlineData(new byte[] { 0x30, 0xE9, 0x07 })]
    [InlineData(new byte[] { 0x10, 0xFF, 0xFF, 0xFF, 0x7F })]
    [InlineData(new byte[] { 0x10, 0x80, 0x80, 0x80, 0x80, 0x01 })]
    public void A_packet_that_announces_more_is_stopped_at_its_header(byte[] header) => Assert.False(_limit.TryPass(header));

    [Fact]
    public void The_next_packet_is_measured_anew()
    {
        byte[] stream = [0x30, 0x02, 0xFF, 0xFF, 0x30, 0xFF, 0xFF, 0x7F];

        Assert.False(_limit.TryPass(stream));
    }
}
