using Appliance.Router.Tests.Flows;

namespace Appliance.Router.Tests.Decoding.Facts;

/// <summary>The same facts as Wireshark reads from the same captures.</summary>
[Trait("Category", "Slow")]
public sealed class FactOracleTests
{
    public static TheoryData<string> Files() => Captured.Files();

    [Theory]
    [MemberData(nameof(Files))]
    public void The_same_facts(string file)
    {
        Assert.SkipWhen(Tshark.IsMissing, "tshark is not installed");

        var expected = SharkFacts.Of(file).Order(StringComparer.Ordinal);

        var facts = Captured.Facts(file).Select(FactLine.Of).OfType<string>().Order(StringComparer.Ordinal);
        Assert.Equal(expected, facts);
    }
}
