using Appliance.Hosting.Updates;

namespace Appliance.Hosting.Tests.Updates;

public sealed class VersionOrderTests
{
    [Theory]
    [InlineData("1.2.3", "1.2.4")]
    [InlineData("1.9", "1.10")]
    [InlineData("1.2", "1.2.1")]
    [InlineData("1.0.0-alpha", "1.0.0-alpha.1")]
    [InlineData("1.0.0-alpha.1", "1.0.0-alpha.beta")]
    [InlineData("1.0.0-beta.2", "1.0.0-beta.11")]
    [InlineData("1.0.0-rc.1", "1.0.0")]
    [InlineData("1.0.0~rc1", "1.0.0")]
    public void First_is_older_than_the_second(string first, string second)
    {
        var order = (VersionOrder.Compare(first, second), VersionOrder.Compare(second, first));

        Assert.True(order is (< 0, > 0));
    }

    [Theory]
    [InlineData("1.2", "1.2.0")]
    [InlineData("1.2.3+build5", "1.2.3+build7")]
    public void Both_are_of_one_age(string first, string second)
    {
        var order = VersionOrder.Compare(first, second);

        Assert.Equal(0, order);
    }

    [Theory]
    [InlineData("")]
    [InlineData("newest")]
    [InlineData("1.")]
    [InlineData("1.2.3 ")]
    [InlineData("1.2.3\n")]
    [InlineData("-1")]
    [InlineData("1.2.3-")]
    [InlineData("99999999999.1")]
    public void Text_without_a_place_in_the_order_is_no_version(string text)
    {
        var isVersion = VersionOrder.IsVersion(text);

        Assert.False(isVersion);
    }
}
