// What the product uses of the packages Iot.Device.Bindings and UnitsNet, in their namespaces and with their signatures.
#pragma warning disable MA0048, MA0049, CA1050, IDE0130 // One file, named after the package that it stands in for.

namespace UnitsNet
{
    /// <summary>UnitsNet.Temperature.</summary>
    internal readonly record struct Temperature(double DegreesCelsius);
}

namespace Iot.Device.CpuTemperature
{
    /// <summary>Iot.Device.CpuTemperature.CpuTemperature, with the readings that a test gives it.</summary>
    internal sealed class CpuTemperature : IDisposable
    {
        private readonly List<(string Sensor, UnitsNet.Temperature Temperature)> _readings = [];

        public bool IsAvailable => _readings.Count > 0;

        public void Add(string sensor, double celsius) => _readings.Add((sensor, new UnitsNet.Temperature(celsius)));

        public List<(string Sensor, UnitsNet.Temperature Temperature)> ReadTemperatures() => _readings;

        public void Dispose() => _readings.Clear();
    }
}
