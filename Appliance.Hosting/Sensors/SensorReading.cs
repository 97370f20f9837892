namespace Appliance.Hosting.Sensors;

/// <summary>One value of the machine's hardware; the unit is UCUM's, "1" for yes and no.</summary>
internal sealed record SensorReading(string Name, double Value, string Unit, bool Alarm, string Text)
{
    public const string Celsius = "Cel";
    public const string TurnsPerMinute = "{rpm}";
    public const string Percent = "%";
    public const string YesOrNo = "1";
}
