using Appliance.Hosting.Events;
using Appliance.Router.Rules.Keeping;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Router.Tests.Rules.Keeping;

public sealed class ForeignChangeReportTests
{
    private static readonly ForeignChange Somebody = new(4711, "nft", 7);

    private readonly FakeTimeProvider _clock = new();
    private readonly EventLog _events;
    private readonly ForeignChangeReport _report;

    public ForeignChangeReportTests()
    {
        _events = new EventLog(_clock);
        _report = new ForeignChangeReport(_events, _clock, NullLogger<ForeignChangeReport>.Instance);
    }

    [Fact]
    public void Whoever_fights_over_the_table_is_told_of_ten_times_a_minute_and_then_by_number()
    {
        for (var change = 0; change < 15; change++)
        {
            _report.Tell(Changed("+ chain input: accept"), [Somebody], fault: null);
        }

        _clock.Advance(TimeSpan.FromMinutes(1));
        _report.Tell(Changed("+ chain input: accept"), [Somebody], fault: null);

        Assert.Equal(11, Told().Count);
        Assert.EndsWith("it has been put right. 5 changes before it were not told each.", Told()[^1].Text);
        Assert.Equal(16, _report.TablesCount);
    }

    [Fact]
    public void A_long_difference_is_told_in_part()
    {
        _report.Tell(Changed([.. Enumerable.Range(1, 500).Select(line => $"- chain forward: {new string('x', 900)} {line}")]), [Somebody], fault: null);

        Assert.EndsWith("…; 494 more) by nft (process 4711); it has been put right.", Told().Single().Text);
        Assert.InRange(Told().Single().Text.Length, 900, 1200);
    }

    [Fact]
    public void What_could_not_be_put_right_is_an_error_that_says_why()
    {
        _report.Tell(new RulesetLook(5, 0) { IsTableMissing = true }, [], fault: "no memory.");

        Assert.Equal((EventSeverity.Error, "firewall", "The firewall's table was deleted by an unknown process; it could not be put right: no memory."), Told().Select(one => (one.Severity, one.Part, one.Text)).Single());
    }

    private static RulesetLook Changed(params string[] lines) => new(5, 4) { Lines = lines };

    private IReadOnlyList<NodeEvent> Told() => _events.After("", 0).Events;
}
