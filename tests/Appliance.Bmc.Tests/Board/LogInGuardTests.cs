using Appliance.Bmc.Board;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Bmc.Tests.Board;

public sealed class LogInGuardTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly LogInGuard _guard;

    public LogInGuardTests() => _guard = new LogInGuard(_clock);

    [Fact]
    public void Same_password_is_tried_twice_a_minute_apart()
    {
        _guard.NoteRefusal("wrong");
        var atOnce = MayTry("wrong");
        _clock.Advance(TimeSpan.FromMinutes(1));
        var later = MayTry("wrong");
        _guard.NoteRefusal("wrong");
        _clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal((false, true, false), (atOnce, later, MayTry("wrong")));
    }

    [Fact]
    public void Corrected_password_is_tried_at_once_while_the_board_allows_it()
    {
        _guard.NoteRefusal("a");
        _guard.NoteRefusal("b");
        _guard.NoteRefusal("c");
        var fourth = MayTry("d");
        _guard.NoteRefusal("d");

        Assert.Equal((true, false), (fourth, MayTry("right at last")));
    }

    [Fact]
    public void Success_forgets_what_was_counted()
    {
        _guard.NoteRefusal("a");
        _guard.NoteRefusal("b");
        _guard.NoteUnknownToken();
        _guard.NoteSuccess("c");
        _guard.NoteRefusal("c");

        Assert.True(MayTry("d"));
    }

    [Fact]
    public void After_a_ban_a_password_that_was_not_refused_is_tried_once()
    {
        _guard.NoteRefusal("known");
        _guard.NoteBan(TimeSpan.FromMinutes(1));
        _clock.Advance(TimeSpan.FromMinutes(2));
        var (known, other) = (MayTry("known"), MayTry("other"));
        _guard.NoteRefusal("other");
        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal((false, true, false), (known, other, MayTry("other")));
    }

    [Fact]
    public void Lost_answers_of_a_password_that_never_was_right_slow_it_down()
    {
        for (var lost = 0; lost < 4; lost++)
        {
            Assert.True(MayTry("unproven"));
            _guard.NoteDoubt("unproven");
        }

        var atOnce = MayTry("unproven");
        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal((false, true), (atOnce, MayTry("unproven")));
    }

    [Fact]
    public void Lost_answers_of_a_password_that_was_right_do_not()
    {
        _guard.NoteSuccess("good");
        for (var lost = 0; lost < 10; lost++)
        {
            _guard.NoteDoubt("good");
        }

        Assert.True(MayTry("good"));
    }

    private bool MayTry(string digest)
    {
        try
        {
            _guard.CheckBan();
            _guard.CheckLogIn(digest, BoardCredential.Factory);
            return true;
        }
        catch (UnreachableException)
        {
            return false;
        }
    }
}
