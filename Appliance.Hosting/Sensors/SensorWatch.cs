using System.Globalization;
using Appliance.Hosting.Health;
using Microsoft.Extensions.Hosting;

namespace Appliance.Hosting.Sensors;

/// <summary>Makes a health part of sensors that tell an alarm, so that it becomes an event where it lasts.</summary>
/// <remarks>It holds the metrics, which are read as long as somebody does.</remarks>
internal sealed class SensorWatch(SensorBoard sensors, HealthBoard board, TimeProvider clock, SensorMetrics metrics) : BackgroundService
{
    public const string Part = "hardware";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly SensorMetrics _metrics = metrics;
    private bool _hasAlarmed;

    /// <summary>One look. Nothing is said of hardware that never gave cause.</summary>
    public void Look()
    {
        var alarms = sensors.Current.Where(reading => reading.Alarm).ToList();
        if (alarms.Count > 0)
        {
            _hasAlarmed = true;
            board.Report(Part, PartState.Degraded, string.Join(", ", alarms.Select(Words)));
        }
        else if (_hasAlarmed)
        {
            board.Report(Part, PartState.Healthy, "no sensor tells an alarm");
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do
            {
                Look();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The role stops.
        }
    }

    // In steps of five degrees: a text that changes with each tenth would wake every watcher.
    private static string Words(SensorReading reading) => reading.Unit == SensorReading.Celsius
        ? string.Create(CultureInfo.InvariantCulture, $"{reading.Name} at {Math.Floor(reading.Value / 5) * 5:0} °C or above")
        : reading.Name;
}
