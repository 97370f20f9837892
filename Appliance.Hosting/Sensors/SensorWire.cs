using Wire = Appliance.Protos.Node.V1;

namespace Appliance.Hosting.Sensors;

/// <summary>Readings as the contract has them.</summary>
internal static class SensorWire
{
    public static Wire.Sensor ToWire(SensorReading reading) => new()
    {
        Name = reading.Name,
        Value = reading.Value,
        Unit = reading.Unit,
        Alarm = reading.Alarm,
        Text = reading.Text,
    };
}
