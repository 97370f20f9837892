using Appliance.Router.Devices;

namespace Appliance.Router.Tests.Devices;

public sealed class OuiListTests
{
    [Fact]
    public void Values_are_read_with_and_without_quotes()
    {
        var read = Read(OuiList.ReadValues,
            "Registry,Assignment,Organization Name,Organization Address",
            "MA-L,002272,American Micro-Fuel Device Corp.,2181 Buchanan Loop Ferndale WA US 98248 ",
            "MA-L,00D0EF,\"IGT, \"\"the\"\" maker\",\"9295 PROTOTYPE DRIVE, RENO NV US 89511 \"",
            "MA-M,1CC0E1A,Short address,",
            "MA-S,70B3D5000,No more");

        Assert.Equal(
            [(0x002272ul, 24, "American Micro-Fuel Device Corp."), (0x00D0EFul, 24, "IGT, \"the\" maker"), (0x1CC0E1Aul, 28, "Short address"), (0x70B3D5000ul, 36, "No more")],
            read);
    }

    [Fact]
    public void Text_is_read_by_its_hex_lines()
    {
        var read = Read(OuiList.ReadText,
            "OUI/MA-L                                                    Organization",
            "00-22-72   (hex)\t\tAmerican Micro-Fuel Device Corp.",
            "002272     (base 16)\t\tAmerican Micro-Fuel Device Corp.",
            "\t\t\t\tFerndale  WA  98248");

        Assert.Equal([(0x002272ul, 24, "American Micro-Fuel Device Corp.")], read);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",,,")]
    [InlineData("MA-L,")]
    [InlineData("MA-L,ZZZZZZ,Nobody,")]
    [InlineData("MA-L,002272,\"")]
    [InlineData("MA-L,00227,Nobody")]
    [InlineData("(hex)")]
    public void Damaged_lines_are_passed_over(string line)
    {
        Assert.Empty(Read(OuiList.ReadValues, line));
        Assert.Empty(Read(OuiList.ReadText, line));
    }

    private static List<(ulong Bits, int Length, string Maker)> Read(Action<IEnumerable<string>, Action<ulong, int, string>> reader, params string[] lines)
    {
        var read = new List<(ulong, int, string)>();
        reader(lines, (bits, length, maker) => read.Add((bits, length, maker)));
        return read;
    }
}
