using Appliance.Router.Decoding.Facts;
using CsCheck;

namespace Appliance.Router.Tests.Decoding.Facts;

public sealed class PlainTextTests
{
    [Theory]
    [MemberData(nameof(Hostile.Names), MemberType = typeof(Hostile))]
    public void A_hostile_name_becomes_plain_text(string name, string expected)
    {
        var text = PlainText.Of(Hostile.Bytes(name));

        Assert.Equal(expected, text);
    }

    [Fact]
    public void A_name_of_64_KiB_is_cut()
    {
        var text = PlainText.Of(Hostile.Huge);

        Assert.Equal(new string('a', PlainText.MaxBytes) + "…", text);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_escaped_one_by_one()
    {
        var text = PlainText.Of([0xff, (byte)'a', 0xc3, 0x28, 0xed, 0xa0, 0x80]);

        Assert.Equal(@"\255a\195(\237\160\128", text);
    }

    [Fact]
    public void Whatever_the_bytes_the_text_is_plain() => Gen.Byte.Array[0, 600].Sample(bytes => Assert.True(Hostile.IsPlain(PlainText.Of(bytes))), iter: 20_000, threads: 1);
}
