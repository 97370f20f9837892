namespace Appliance.Hosting.Sensors;

/// <summary>Fans and supply of the kernel's hardware monitors (its hwmon/sysfs-interface.rst); temperatures are read by zone.</summary>
internal sealed class HardwareMonitors(SysfsFolder sysfs) : ISensorSource
{
    private const double FullDuty = 255;

    public IEnumerable<SensorReading> Read() => sysfs.Below("class/hwmon").Folders("hwmon*").SelectMany(ReadOne);

    private static IEnumerable<SensorReading> ReadOne(SysfsFolder monitor)
    {
        var name = monitor.Text("name") ?? "hwmon";
        foreach (var file in monitor.Files("fan*_input"))
        {
            var fan = file[..^"_input".Length];
            if (monitor.Number(file) is { } turns)
            {
                yield return new SensorReading($"{name} {fan}", turns, SensorReading.TurnsPerMinute, monitor.Number($"{fan}_alarm") is > 0, "");
            }
        }

        foreach (var file in monitor.Files("pwm?"))
        {
            if (monitor.Number(file) is { } duty)
            {
                yield return new SensorReading($"{name} {file}", Math.Round(duty * 100 / FullDuty), SensorReading.Percent, Alarm: false, "");
            }
        }

        // The Raspberry Pi's driver for its supply (raspberrypi-hwmon) tells just this.
        foreach (var file in monitor.Files("in*_lcrit_alarm"))
        {
            if (monitor.Number(file) is { } low)
            {
                yield return new SensorReading($"{name} under-voltage", low, SensorReading.YesOrNo, low > 0, "");
            }
        }
    }
}
