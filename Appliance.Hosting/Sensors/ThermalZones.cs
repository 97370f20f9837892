namespace Appliance.Hosting.Sensors;

/// <summary>Temperatures of the kernel's thermal zones (its sysfs-api.rst, thermal): the CM4's one, the Jetson's six or more.</summary>
internal sealed class ThermalZones(SysfsFolder sysfs, int hotCelsius) : ISensorSource
{
    // Sensors that are off read 0 K or below, and some 0 for ever; silicon is dead beyond the other end.
    private const double Lowest = -40;
    private const double Highest = 150;

    // The Jetson Nano's driver says 100 °C of it always.
    private const string Constant = "PMIC-Die";

    public IEnumerable<SensorReading> Read()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var zone in sysfs.Below("class/thermal").Folders("thermal_zone*"))
        {
            if (zone.Text("type") is not { Length: > 0 } type || type == Constant || zone.Number("temp") is not { } thousandths)
            {
                continue;
            }

            var celsius = thousandths / 1000.0;
            if (celsius is >= Lowest and <= Highest)
            {
                yield return new SensorReading(Unique(names, type), celsius, SensorReading.Celsius, celsius >= hotCelsius, "");
            }
        }
    }

    private static string Unique(HashSet<string> names, string type)
    {
        var name = type;
        for (var number = 2; !names.Add(name); number++)
        {
            name = $"{type} {number}";
        }

        return name;
    }
}
