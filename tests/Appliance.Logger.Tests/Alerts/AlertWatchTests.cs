using Appliance.Logger.Alerts;
using Appliance.Logger.Tests.Fanout;
using Appliance.Tests.Shared;

namespace Appliance.Logger.Tests.Alerts;

public sealed class AlertWatchTests : IAsyncDisposable
{
    private readonly TestSite _site = new();
    private readonly RaisedAlerts _detector = new();
    private readonly LoggerHost _logger;

    public AlertWatchTests() => _logger = new LoggerHost(_site, ("Logger:Mqtt:Port", "0"), ("Logger:Mqtt:ListenAddress", "127.0.0.1"));

    [Fact]
    public async Task What_the_Detector_raises_is_stored_whole()
    {
        await _detector.StartAsync(_site);
        await _logger.StartAsync();
        var alert = Samples.Alert(7) with { Acknowledger = "spiffe://home/operator/bob", AcknowledgeTime = Samples.Start };

        _detector.Raise(alert);

        var stored = await StoredAsync(7);
        Assert.Equivalent(alert with { StoreTime = stored.StoreTime, PublishTime = stored.PublishTime }, stored, strict: true);
    }

    [Fact]
    public async Task After_a_restart_pulling_goes_on_behind_the_last_alert_stored()
    {
        await _detector.StartAsync(_site);
        _detector.Raise(Samples.Alerts(300));
        await _logger.StartAsync();
        await StoredAsync(300);
        await _logger.StopAsync();

        _detector.Raise(Samples.Alert(301));
        await _logger.StartAsync();

        await StoredAsync(301);
        Assert.Equal([0UL, 299UL], _detector.Starts);
        Assert.Equal(301, _logger.Store.List(new AlertQuery { Limit = 1000 }).Count);
    }

    [Fact]
    public async Task An_alert_that_cannot_be_read_is_counted_and_stops_no_other()
    {
        await _detector.StartAsync(_site);
        await _logger.StartAsync();
        var nameless = AlertWire.Write(Samples.Alert(1));
        nameless.Id = "";
        var unknown = AlertWire.Write(Samples.Alert(2));
        unknown.Category = (Appliance.Protos.Alerts.V1.Category)99;
        var timeless = AlertWire.Write(Samples.Alert(3));
        timeless.Time.Seconds = long.MaxValue;

        _detector.Raise([nameless, unknown, timeless, AlertWire.Write(Samples.Alert(4))]);

        await StoredAsync(4);
        Assert.Single(_logger.Store.List(new AlertQuery()));
        Assert.Equal(4, _logger.Store.LastRevision);
    }

    [Fact]
    public async Task Hostile_text_is_clean_in_the_store()
    {
        await _detector.StartAsync(_site);
        await _logger.StartAsync();

        _detector.Raise(Samples.Alert(1) with { Service = "x\r\ny", Explanations = [new AlertExplanation("f\u001b", 1, 0, "a\u202Eb" + new string('x', 65536))] });

        var stored = await StoredAsync(1);
        Assert.Equal("x\uFFFD\uFFFDy", stored.Service);
        Assert.Equal(("f\uFFFD", 1024), (stored.Explanations[0].Feature, stored.Explanations[0].Text.Length));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(50)]
    public async Task A_Detector_that_began_a_new_file_is_pulled_from_its_start(int raisedSince)
    {
        await _detector.StartAsync(_site);
        _detector.Raise(Samples.Alert(9));
        await _logger.StartAsync();
        await StoredAsync(9);
        await _logger.StopAsync();
        _detector.Forget();
        _detector.Raise(Enumerable.Range(1, raisedSince).Select(revision => Samples.Alert(100 + revision) with { Revision = revision }));

        await _logger.StartAsync();

        await StoredAsync(100 + raisedSince);
        Assert.Equal(raisedSince, _logger.Store.LastRevision);
        Assert.Equal(raisedSince + 1, _logger.Store.List(new AlertQuery()).Count);
    }

    [Fact]
    public async Task A_Detector_that_knows_the_last_alert_is_not_pulled_from_its_start()
    {
        await _detector.StartAsync(_site);
        _detector.Raise(Samples.Alerts(3));
        await _logger.StartAsync();
        await StoredAsync(3);
        await _logger.StopAsync();
        _detector.Raise(Samples.Alert(3) with { Revision = 4 }, Samples.Alert(5));

        await _logger.StartAsync();

        await StoredAsync(5);
        Assert.Equal([0UL, 2UL], _detector.Starts);
    }

    public async ValueTask DisposeAsync()
    {
        await _logger.DisposeAsync();
        await _site.DisposeAsync();
    }

    private Task<StoredAlert> StoredAsync(int number) => _logger.Store.UntilFoundAsync(Samples.Id(number));
}
