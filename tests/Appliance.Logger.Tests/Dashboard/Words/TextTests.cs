using Appliance.Logger.Dashboard.Words;

namespace Appliance.Logger.Tests.Dashboard.Words;

public sealed class TextTests
{
    [Theory]
    [InlineData(0, "0 bit/s")]
    [InlineData(999, "999 bit/s")]
    [InlineData(999.6, "1.0 kbit/s")]
    [InlineData(9_800_000, "9.8 Mbit/s")]
    [InlineData(123_456_789, "123 Mbit/s")]
    [InlineData(2.5e15, "2500 Tbit/s")]
    public void Rate_has_three_digits_and_a_prefix(double rate, string expected) => Assert.Equal(expected, Figures.Rate(rate, "bit/s"));

    [Theory]
    [InlineData(-1, "0 s")]
    [InlineData(119, "119 s")]
    [InlineData(120, "2 min")]
    [InlineData(59 * 60, "59 min")]
    [InlineData(119 * 60, "1 h 59 min")]
    [InlineData(72 * 3600, "3 days")]
    public void Span_is_as_exact_as_it_needs_to_be(int seconds, string expected) => Assert.Equal(expected, TimeText.Span(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Time_of_today_has_no_date_in_the_readers_zone()
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone("east", TimeSpan.FromHours(2), "east", "east");
        var now = new DateTimeOffset(2026, 11, 24, 23, 0, 0, TimeSpan.Zero);

        Assert.Equal(["01:00:00", "24 Nov 22:00"], [TimeText.Clock(now, now, zone), TimeText.Clock(now.AddHours(-3), now, zone)]);
    }

    [Fact]
    public void Name_is_cut_and_says_so()
    {
        Assert.Equal(161, PlainText.Name(new string('A', 64 * 1024)).Length);
    }
}
