using Appliance.Bmc.Board;

namespace Appliance.Bmc.Tests.Board;

public sealed class BanTextTests
{
    [Theory]
    [InlineData("Exceeded allowed authentication attempts. Access blocked for 1m", 60)]
    [InlineData("Exceeded allowed authentication attempts. Access blocked for 59s 999ms 12us 4ns", 59.999)]
    [InlineData("Exceeded allowed authentication attempts. Access blocked for 17h 4m", 61_440)]
    [InlineData("Access blocked for 1day", 86_400)]
    [InlineData("Access blocked for 300days 2h", 86_400)]
    [InlineData("Access blocked for 2147483647h", 86_400)]
    [InlineData("Access blocked for a while", 60)]
    [InlineData("Access blocked for ", 60)]
    public void Length_of_a_ban_is_read_as_the_daemon_writes_it(string text, double seconds)
    {
        var isBan = BanText.TryRead(text, out var left);

        Assert.True(isBan);
        Assert.Equal(TimeSpan.FromSeconds(seconds), left);
    }

    [Theory]
    [InlineData("credentials incorrect")]
    [InlineData("")]
    public void Other_refusals_are_no_ban(string text)
    {
        Assert.False(BanText.TryRead(text, out _));
    }
}
