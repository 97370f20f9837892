using Appliance.Hosting.Configuration;

namespace Appliance.Hosting.Tests.Configuration;

public sealed class NearestNameTests
{
    private static readonly string[] Names = ["Capture", "Flows", "Interface", "MaxFlows", "Speed"];

    [Theory]
    [InlineData("Captrue", "Capture")]
    [InlineData("flow", "Flows")]
    [InlineData("MAXFLOW", "MaxFlows")]
    [InlineData("Interfaces", "Interface")]
    [InlineData("Sped", "Speed")]
    [InlineData("Password", null)]
    [InlineData("", null)]
    public void Nearest_name_is_the_one_with_the_fewest_slips(string word, string? expected)
    {
        Assert.Equal(expected, NearestName.Find(word, Names));
    }
}
