using Appliance.Evaluation;

namespace Appliance.Tests.Evaluation;

public sealed class TimeWindowTests
{
    [Theory]
    [InlineData("2016-06-09T13:15:43.743810Z..2016-09-05T15:45:08.451346Z")]
    [InlineData("2016-06-09 13:15:43.743810 .. 2016-09-05 15:45:08.451346 UTC")]
    public void Both_forms_of_a_window_give_the_same_times(string text)
    {
        Assert.True(TimeWindow.TryParse(text, out var window));
        Assert.Equal(new TimeWindow(1_465_478_143_743_810_000, 1_473_090_308_451_346_000), window);
    }

    [Theory]
    [InlineData("2016-06-09T13:15:43Z")]
    [InlineData("2016-06-09T13:15:43Z..")]
    [InlineData("noon..midnight")]
    [InlineData("2016-09-05T15:45:08Z..2016-06-09T13:15:43Z")]
    public void What_is_no_window_is_refused(string text) => Assert.False(TimeWindow.TryParse(text, out _));
}
