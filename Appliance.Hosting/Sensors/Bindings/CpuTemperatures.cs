using Iot.Device.CpuTemperature;

namespace Appliance.Hosting.Sensors.Bindings;

/// <summary>Temperatures as Iot.Device.Bindings reads them, for machines that it knows and the kernel's thermal zones do not.</summary>
internal sealed class CpuTemperatures(CpuTemperature temperature, int hotCelsius) : ISensorSource, IDisposable
{
    public IEnumerable<SensorReading> Read() => temperature.IsAvailable
        ? temperature.ReadTemperatures().Select(read => Reading(read.Sensor, read.Temperature.DegreesCelsius))
        : [];

    public void Dispose() => temperature.Dispose();

    private SensorReading Reading(string sensor, double celsius) =>
        new($"{sensor} (binding)", celsius, SensorReading.Celsius, celsius >= hotCelsius, "");
}
