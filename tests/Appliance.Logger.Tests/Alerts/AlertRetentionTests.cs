using Appliance.Logger.Alerts;
using Appliance.Logger.Fanout;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Appliance.Logger.Tests.Alerts;

public sealed class AlertRetentionTests : IDisposable
{
    private readonly StoreFolder _folder = new();
    private readonly AlertRetention _retention;

    public AlertRetentionTests() => _retention = new AlertRetention(
        _folder.File, Options.Create(_folder.Options), _folder.Meter, _folder.Clock, NullLogger<AlertRetention>.Instance);

    [Fact]
    public void The_oldest_alerts_beyond_the_number_go()
    {
        _folder.Options.MaxAlerts = 100;
        _folder.Store.Store(Samples.Alerts(2350), 2350);

        int removed = _retention.Trim();

        Assert.Equal(2250, removed);
        Assert.Equal(Samples.Id(2251), _folder.Store.List(new AlertQuery { Limit = 1000 })[^1].Id);
    }

    [Fact]
    public void Alerts_beyond_their_age_go()
    {
        _folder.Store.Store(Samples.Alerts(2), 2);
        _folder.Clock.Advance(TimeSpan.FromDays(60));
        _folder.Store.Store([Samples.Alert(3)], 3);
        _folder.Clock.Advance(TimeSpan.FromDays(31));

        _retention.Trim();

        Assert.Equal(Samples.Id(3), Assert.Single(_folder.Store.List(new AlertQuery())).Id);
    }

    [Fact]
    public void What_was_not_told_yet_goes_with_its_alert_and_is_counted()
    {
        using var drops = new CounterReading(_folder.Meter.OutboxDrops);
        _folder.Options.MaxAlerts = 100;
        _folder.Store.Store(Samples.Alerts(130), 130);

        _retention.Trim();

        Assert.Equal(30, drops.Sum);
        Assert.Equal(100, new AlertOutbox(_folder.File, _folder.Store, _folder.Clock).Pending);
    }

    public void Dispose()
    {
        _retention.Dispose();
        _folder.Dispose();
    }
}
