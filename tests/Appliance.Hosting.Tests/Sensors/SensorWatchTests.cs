using System.Diagnostics.Metrics;
using System.Globalization;
using Appliance.Hosting.Health;
using Appliance.Hosting.Identity;
using Appliance.Hosting.Sensors;
using Appliance.Protos.Node.V1;
using Appliance.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PartHealth = Appliance.Hosting.Health.PartHealth;

namespace Appliance.Hosting.Tests.Sensors;

public sealed class SensorWatchTests : IDisposable
{
    private static readonly SensorReading Cool = new("cpu-thermal", 51.2, "Cel", false, "");
    private static readonly SensorReading Hot = new("cpu-thermal", 83.4, "Cel", true, "");
    private static readonly SensorReading Starved = new("under-voltage", 1, "1", true, "");

    private readonly FakeTimeProvider _clock = new();
    private readonly FakeSensors _sensors = new();
    private readonly ServiceProvider _metrics = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly HealthBoard _board;
    private readonly SensorBoard _readings;
    private readonly SensorWatch _watch;

    public SensorWatchTests()
    {
        _board = new HealthBoard(_clock);
        _readings = new SensorBoard([_sensors], _clock);
        _watch = new SensorWatch(_readings, _board, _clock, new SensorMetrics(_readings, _metrics.GetRequiredService<IMeterFactory>(), new RunningRole(Role.Bmc)));
    }

    [Fact]
    public void Hardware_that_never_gave_cause_has_no_part()
    {
        LookAt(Cool);

        Assert.Empty(_board.Snapshot);
    }

    [Fact]
    public void Alarms_degrade_the_part_by_name_until_they_end()
    {
        LookAt(Hot, Starved);
        var unwell = Part();

        LookAt(Cool);

        Assert.Equal((PartState.Degraded, "cpu-thermal at 80 °C or above, under-voltage"), (unwell.State, unwell.Text));
        Assert.Equal((PartState.Healthy, "no sensor tells an alarm"), (Part().State, Part().Text));
    }

    [Fact]
    public void Sensors_are_read_once_in_five_seconds_however_many_ask()
    {
        _sensors.Readings = [Cool];
        _ = _readings.Current;
        _ = _readings.Current;
        var early = _sensors.Reads;
        _clock.Advance(SensorBoard.Age);

        _ = _readings.Current;

        Assert.Equal((1, 2), (early, _sensors.Reads));
    }

    [Fact]
    public void Machine_with_hundreds_of_sensors_tells_the_first_64()
    {
        _sensors.Readings = [.. Enumerable.Range(0, 300).Select(number => Cool with { Name = $"zone {number}" })];

        Assert.Equal(SensorBoard.MaxReadings, _readings.Current.Count);
    }

    [Fact]
    public void Readings_are_metrics_by_unit_and_sensor()
    {
        _sensors.Readings = [Hot, new SensorReading("pwmfan fan1", 2310, "{rpm}", false, ""), new SensorReading("pwmfan pwm1", 50, "%", false, "")];

        var metrics = Collect();

        Assert.Equal(
        [
            "appliance.node.fan.duty pwmfan pwm1 50",
            "appliance.node.fan.turns pwmfan fan1 2310",
            "appliance.node.sensor.alarm cpu-thermal 1",
            "appliance.node.sensor.alarm pwmfan fan1 0",
            "appliance.node.sensor.alarm pwmfan pwm1 0",
            "appliance.node.temperature cpu-thermal 83.4",
        ],
            metrics);
    }

    [Fact]
    public async Task Readings_are_in_the_node_and_all_kinds_in_its_metrics()
    {
        await using var site = new TestSite();
        _sensors.Readings = [Hot];
        var app = await site.StartAsync(Role.Bmc, builder => builder.Services.AddSingleton<ISensorSource>(_sensors), _ => { });
        var client = new NodeService.NodeServiceClient(site.Channel(Role.Bmc, site.Person(PeerKind.Reader)));

        var node = (await client.GetNodeAsync(new GetNodeRequest())).Node;
        var scrape = await PrometheusText.ScrapeAsync(TestSite.MetricsAddress(app));

        Assert.Contains(new Sensor { Name = "cpu-thermal", Value = 83.4, Unit = "Cel", Alarm = true }, node.Sensors);
        Assert.True(node.BootTime.ToDateTimeOffset() < node.StartTime.ToDateTimeOffset());
        Assert.Superset(new HashSet<string> { "appliance_node_temperature_celsius", "appliance_node_sensor_alarm" }, scrape.Types.Keys.ToHashSet());
    }

    public void Dispose()
    {
        _watch.Dispose();
        _metrics.Dispose();
    }

    private List<string> Collect()
    {
        var lines = new List<string>();
        var scope = _metrics.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, taken) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, scope))
            {
                taken.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument.Name, tags[0].Value, value));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument.Name, tags[0].Value, value));
        listener.Start();
        listener.RecordObservableInstruments();
        return [.. lines.Order(StringComparer.Ordinal)];

        void Note(string name, object? sensor, double value) => lines.Add(string.Create(CultureInfo.InvariantCulture, $"{name} {sensor} {value}"));
    }

    private PartHealth Part() => Assert.Single(_board.Snapshot);

    private void LookAt(params SensorReading[] readings)
    {
        _sensors.Readings = readings;
        _clock.Advance(SensorBoard.Age);
        _watch.Look();
    }
}
