using Appliance.Hosting.Audit;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Hosting.Tests.Audit;

public sealed class RefusalBudgetTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly RefusalBudget _budget;

    public RefusalBudgetTests() => _budget = new RefusalBudget(_clock);

    [Fact]
    public void One_noisy_caller_leaves_room_for_others()
    {
        var noisy = Take("mallory", 1000);

        Assert.Equal(RefusalBudget.PerCaller, noisy);
        Assert.True(_budget.TryTake("bob", out _));
    }

    [Fact]
    public void All_callers_together_have_a_bound_too()
    {
        var taken = Enumerable.Range(0, 1000).Sum(number => Take($"caller{number}", 1));

        Assert.Equal(RefusalBudget.PerMinute, taken);
    }

    [Fact]
    public void Next_minute_has_room_again_and_tells_what_was_passed_over_once()
    {
        Take("mallory", 25);
        _clock.Advance(TimeSpan.FromMinutes(1));

        var isTaken = _budget.TryTake("mallory", out var passedOver);
        _budget.TryTake("mallory", out var again);

        Assert.Equal((true, 15, 0), (isTaken, passedOver, again));
    }

    private int Take(string caller, int times) => Enumerable.Range(0, times).Count(_ => _budget.TryTake(caller, out var _));
}
