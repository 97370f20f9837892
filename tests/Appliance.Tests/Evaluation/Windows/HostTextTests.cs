using Appliance.Evaluation.Windows;

namespace Appliance.Tests.Evaluation.Windows;

public sealed class HostTextTests
{
    private static readonly UInt128 First = HostText.Of(System.Net.IPAddress.Parse("192.0.2.1"));

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("192.0.2.1 (infected)")]
    [InlineData("spoofed, 192.0.2.1")]
    public void Addresses_are_found_among_words(string field)
        => Assert.Equal([First], HostText.All(field));

    [Theory]
    [InlineData("-")]
    [InlineData("")]
    [InlineData("spoofed")]
    public void Words_alone_name_no_host(string field)
        => Assert.Empty(HostText.All(field));
}
