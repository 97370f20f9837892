using System.Diagnostics.Metrics;

namespace Appliance.Hosting.Sensors;

/// <summary>The readings as metrics of the role; the names of sensors are the hardware's and few.</summary>
internal sealed class SensorMetrics
{
    private readonly SensorBoard _board;

    public SensorMetrics(SensorBoard board, IMeterFactory meters, RunningRole running)
    {
        _board = board;
        var meter = meters.Create(running.MeterName);
        meter.CreateObservableGauge("appliance.node.temperature", () => Of(SensorReading.Celsius), "Cel", "Temperature of the node's hardware, by sensor.");
        meter.CreateObservableGauge("appliance.node.fan.turns", () => Of(SensorReading.TurnsPerMinute), "{turn}/min", "Turns of the node's fans, by sensor.");
        meter.CreateObservableGauge("appliance.node.fan.duty", () => Of(SensorReading.Percent), "%", "How far the node's fans are driven, by sensor.");
        meter.CreateObservableGauge("appliance.node.sensor.alarm", Alarms, "1", "1 where a sensor of the node's hardware tells an alarm, by sensor.");
    }

    private IEnumerable<Measurement<double>> Of(string unit) =>
        _board.Current.Where(reading => reading.Unit == unit).Select(reading => new Measurement<double>(reading.Value, Named(reading)));

    private IEnumerable<Measurement<int>> Alarms() => _board.Current.Select(reading => new Measurement<int>(reading.Alarm ? 1 : 0, Named(reading)));

    private static KeyValuePair<string, object?> Named(SensorReading reading) => new("sensor", reading.Name);
}
