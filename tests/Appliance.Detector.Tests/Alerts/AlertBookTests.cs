using Appliance.Detector.Alerts;
using Appliance.Detector.Detectors;

namespace Appliance.Detector.Tests.Alerts;

public sealed class AlertBookTests
{
    private const long Second = Findings.Second;
    private const long Start = Findings.Start;

    private readonly List<Alert> _alerts = [];

    [Fact]
    public void First_finding_is_told_at_once_and_growth_after_a_second()
    {
        var book = NewBook();
        for (var i = 0; i < 100; i++)
        {
            book.Report(Findings.Scan(Start + (i * Second / 100)), $"192.168.1.{i}");
        }

        Assert.Equal([1L], _alerts.Select(alert => alert.Evidence.Events));
        book.AdvanceTo(Start + Second);

        Assert.Equal([1L, 100L], _alerts.Select(alert => alert.Evidence.Events));
        Assert.Single(_alerts.Select(alert => alert.Id).Distinct());
    }

    [Fact]
    public void Thousand_alerts_that_grow_are_told_of_in_turn()
    {
        var book = NewBook();
        for (var second = 0; second < 10; second++)
        {
            for (var i = 0; i < 1000; i++)
            {
                book.Report(Findings.Scan(Start + (second * Second), source: $"10.0.{i / 250}.{i % 250}"));
            }
        }

        Assert.Equal(1000 + (9 * 200), _alerts.Count);
        Assert.Equal(1000, _alerts.Skip(1000).Take(1000).Select(alert => alert.Id).Distinct().Count());
        book.Flush();
        Assert.All(_alerts.GroupBy(alert => alert.Id), revisions => Assert.Equal(10, revisions.Last().Evidence.Events));
    }

    [Fact]
    public void Growth_that_waits_is_told_at_the_end()
    {
        var book = NewBook();
        book.Report(Findings.Scan(Start));
        book.Report(Findings.Scan(Start + 1));
        book.Flush();
        book.Flush();

        Assert.Equal([1L, 2L], _alerts.Select(alert => alert.Evidence.Events));
    }

    [Fact]
    public void Rising_severity_is_told_at_once_and_never_falls()
    {
        var book = NewBook();
        book.Report(Findings.Scan(Start));
        book.Report(Findings.Scan(Start + 1, severity: Severity.High));
        book.Report(Findings.Scan(Start + 2, severity: Severity.Low));
        book.Flush();

        Assert.Equal([Severity.Medium, Severity.High, Severity.High], _alerts.Select(alert => alert.Severity));
    }

    [Fact]
    public void Proof_of_the_source_is_told_at_once()
    {
        var book = NewBook();
        book.Report(Findings.Scan(Start));
        book.Report(Findings.Scan(Start + 1) with { IsSourceConfirmed = true });

        Assert.Equal([false, true], _alerts.Select(alert => alert.IsSourceConfirmed));
    }

    [Fact]
    public void Other_source_or_service_or_category_is_another_alert()
    {
        var book = NewBook();
        book.Report(Findings.Scan(Start));
        book.Report(Findings.Scan(Start, source: "192.168.1.67"));
        book.Report(Findings.Scan(Start) with { Service = new Service(6, 80) });
        book.Report(Findings.Scan(Start) with { Category = Category.Flood });

        Assert.Equal(4, _alerts.Select(alert => alert.Id).Distinct().Count());
    }

    [Fact]
    public void Evidence_within_the_hour_is_the_same_alert_and_later_is_another()
    {
        var book = NewBook();
        book.Report(Findings.Scan(Start));
        book.Report(Findings.Scan(Start + (3600 * Second)));
        book.Report(Findings.Scan(Start + (7201 * Second)));

        Assert.Equal(2, _alerts.Select(alert => alert.Id).Distinct().Count());
        Assert.Equal(2, book.RaisedCount);
    }

    [Fact]
    public void Destinations_stop_at_thirty_two_distinct_ones()
    {
        var book = NewBook();
        for (var i = 0; i < 100; i++)
        {
            book.Report(Findings.Scan(Start + i), $"192.168.1.{i / 2}");
        }

        book.Flush();

        Assert.Equal(Enumerable.Range(0, 32).Select(i => $"192.168.1.{i}"), _alerts[^1].Destinations);
    }

    [Fact]
    public void Explanation_is_in_words_and_figures()
    {
        NewBook().Report(Findings.Scan(Start));

        Assert.Equal(new Explanation("failed contacts", 5, 4, "5 of 4"), Assert.Single(_alerts[0].Explanations));
    }

    [Fact]
    public void Times_are_those_of_the_capture()
    {
        NewBook().Report(Findings.Scan(Start));

        var time = DateTimeOffset.FromUnixTimeSeconds(Start / Second);
        Assert.Equal((time, time - TimeSpan.FromSeconds(1), time), (_alerts[0].Time, _alerts[0].Evidence.First, _alerts[0].Evidence.Last));
    }

    [Fact]
    public void Same_events_give_the_same_id()
    {
        NewBook().Report(Findings.Scan(Start));
        NewBook().Report(Findings.Scan(Start));

        Assert.Equal(_alerts[0].Id, _alerts[1].Id);
        Assert.Equal(26, _alerts[0].Id.Length);
    }

    [Fact]
    public void Restored_alert_goes_on_under_its_id_and_counts_nothing_twice()
    {
        var before = NewBook();
        before.Report(Findings.Scan(Start, newEvents: 5), "192.168.1.1");
        before.Report(Findings.Scan(Start + (5 * Second)), "192.168.1.2");
        before.Flush();
        var last = _alerts[^1];
        _alerts.Clear();

        var after = NewBook();
        after.Restore([last]);
        after.IsRepeating = true;
        after.Report(Findings.Scan(Start, newEvents: 5), "192.168.1.1");
        after.Report(Findings.Scan(Start + (5 * Second)), "192.168.1.2");
        after.IsRepeating = false;
        after.Report(Findings.Scan(Start + (6 * Second)), "192.168.1.3");
        after.Flush();

        var alert = Assert.Single(_alerts);
        Assert.Equal((last.Id, 7L, last.Time), (alert.Id, alert.Evidence.Events, alert.Time));
        Assert.Equal(["192.168.1.1", "192.168.1.2", "192.168.1.3"], alert.Destinations);
    }

    [Fact]
    public void Capture_whose_clock_lies_before_the_last_ones_raises_its_own_alert()
    {
        var book = NewBook();
        book.Restore([Findings.Alert(time: Start + (9000 * Second))]);
        book.Report(Findings.Scan(Start));

        Assert.Equal((1, Start / Second), (_alerts.Count, _alerts[0].Time.ToUnixTimeSeconds()));
    }

    [Fact]
    public void Open_alerts_are_bounded()
    {
        var book = new AlertBook(new AlertOptions { OpenAlerts = 16 }, _alerts.Add);
        for (var i = 0; i < 100; i++)
        {
            book.Report(Findings.Scan(Start + i, source: $"192.168.1.{i}"));
            book.Report(Findings.Scan(Start + i, source: "192.168.1.200"));
        }

        book.Flush();

        Assert.Equal(101, _alerts.Select(alert => alert.Id).Distinct().Count());
        Assert.Equal(100, _alerts.Last(alert => alert.Source.ToString() == "192.168.1.200").Evidence.Events);
    }

    private AlertBook NewBook() => new(new AlertOptions(), _alerts.Add);
}
