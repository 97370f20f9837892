using Appliance.Logger.Dashboard;
using Appliance.Logger.Dashboard.Access;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Logger.Tests.Dashboard.Access;

public sealed class SessionTableTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly SessionTable _sessions;

    public SessionTableTests() => _sessions = new SessionTable(
        Options.Create(new DashboardOptions { SessionIdle = TimeSpan.FromMinutes(30), SessionLength = TimeSpan.FromHours(12) }), _clock);

    [Fact]
    public void Session_that_is_used_goes_on()
    {
        var start = _clock.GetUtcNow();
        for (var hours = 0; hours < 11; hours++)
        {
            _sessions.TryTouch("one", start);
            _clock.Advance(TimeSpan.FromMinutes(29));
            _sessions.TryTouch("one", start);
            _clock.Advance(TimeSpan.FromMinutes(29));
        }

        Assert.True(_sessions.IsLive("one"));
    }

    [Fact]
    public void Session_that_nobody_uses_ends()
    {
        _sessions.TryTouch("one", _clock.GetUtcNow());

        _clock.Advance(TimeSpan.FromMinutes(30));

        Assert.False(_sessions.IsLive("one"));
    }

    [Fact]
    public void Session_ends_after_its_length_however_much_it_is_used()
    {
        var start = _clock.GetUtcNow();
        for (var minutes = 0; minutes < 12 * 60; minutes += 20)
        {
            _sessions.TryTouch("one", start);
            _clock.Advance(TimeSpan.FromMinutes(20));
        }

        Assert.False(_sessions.TryTouch("one", start));
    }

    [Fact]
    public void Ended_session_is_not_taken_up_again()
    {
        var start = _clock.GetUtcNow();
        _sessions.TryTouch("one", start);
        _sessions.End("one");

        Assert.False(_sessions.TryTouch("one", start));
    }

    [Fact]
    public void Session_of_before_a_restart_is_taken_up()
    {
        Assert.True(_sessions.TryTouch("made before", _clock.GetUtcNow() - TimeSpan.FromHours(1)));
    }

    [Fact]
    public void Table_is_bounded_and_forgets_the_session_unused_for_longest()
    {
        for (var number = 0; number <= SessionTable.Capacity; number++)
        {
            _sessions.TryTouch($"{number}", _clock.GetUtcNow());
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.True(!_sessions.IsLive("0") && _sessions.IsLive("1"));
    }
}
