using Appliance.Hosting.Sensors;

namespace Appliance.Hosting.Tests.Sensors;

/// <summary>Sensors that say what a test tells them to.</summary>
internal sealed class FakeSensors : ISensorSource
{
    public IReadOnlyList<SensorReading> Readings { get; set; } = [];

    public int Reads { get; private set; }

    public IEnumerable<SensorReading> Read()
    {
        Reads++;
        return Readings;
    }
}
