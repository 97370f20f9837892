using Appliance.Router.Nftables;

namespace Appliance.Router.Tests.Nftables;

public sealed class AcknowledgementTests
{
    // Error, the header of the refused message, then "set missing" and the offset of the attribute that it minds.
    private const string Refusal = "feffffff" + "50000000" + "0c0a0504" + "02000000" + "00000000" + "1000010073657420" + "6d697373696e6700" + "08000200" + "24000000";

    [Fact]
    public void Success_is_error_zero()
    {
        var isRead = Acknowledgement.TryRead(Header(NetlinkProtocol.Capped), Convert.FromHexString("00000000" + "50000000" + "0c0a0504" + "02000000" + "00000000"), out var answer);

        Assert.True(isRead);
        Assert.Equal(new Acknowledgement(0, "", -1), answer);
    }

    [Fact]
    public void Words_and_offset_of_a_refusal_are_read()
    {
        var isRead = Acknowledgement.TryRead(Header(NetlinkProtocol.Capped | NetlinkProtocol.AcknowledgeAttributes), Convert.FromHexString(Refusal), out var answer);

        Assert.True(isRead);
        Assert.Equal(new Acknowledgement(-2, "set missing", 0x24), answer);
    }

    [Theory]
    [InlineData(0x24, KernelFault.SetMissing)]
    [InlineData(0x38, KernelFault.ElementMissing)]
    public void Not_found_is_told_apart_by_its_offset(int offset, object fault)
    {
        Assert.Equal(fault, KernelFaultName.Of(new Acknowledgement(-2, "", offset), elementsOffset: 0x34));
    }

    [Fact]
    public void Echo_longer_than_the_answer_gives_the_error_without_words()
    {
        var isRead = Acknowledgement.TryRead(Header(NetlinkProtocol.AcknowledgeAttributes), Convert.FromHexString(Refusal), out var answer);

        Assert.True(isRead);
        Assert.Equal(new Acknowledgement(-2, "", -1), answer);
    }

    [Fact]
    public void Short_answer_is_none()
    {
        Assert.False(Acknowledgement.TryRead(Header(0), new byte[19], out _));
    }

    private static NetlinkHeader Header(int flags) => new(NetlinkProtocol.Error, (ushort)flags, 2);
}
