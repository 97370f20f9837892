namespace Appliance.Hosting.Sensors;

/// <summary>Sensors of one kind. A machine without them tells none, and one that can't be read now is left out.</summary>
internal interface ISensorSource
{
    IEnumerable<SensorReading> Read();
}
