using Appliance.Hosting.Sensors;

namespace Appliance.Hosting.Tests.Sensors;

public sealed class SysfsSensorTests : IDisposable
{
    private readonly FakeSysfs _sysfs = new();

    [Fact]
    public void Zone_of_a_compute_module_is_read_through_its_link()
    {
        _sysfs.Write("devices/virtual/thermal/thermal_zone0/type", "cpu-thermal");
        _sysfs.Write("devices/virtual/thermal/thermal_zone0/temp", "57450");
        _sysfs.Link("class/thermal/thermal_zone0", "devices/virtual/thermal/thermal_zone0");

        var readings = new ThermalZones(_sysfs.Root, hotCelsius: 80).Read();

        Assert.Equal([new SensorReading("cpu-thermal", 57.45, "Cel", false, "")], readings);
    }

    [Theory]
    [InlineData("79999", false)]
    [InlineData("80000", true)]
    public void Zone_is_an_alarm_from_the_configured_degree_on(string thousandths, bool alarm)
    {
        Zone(0, "cpu-thermal", thousandths);

        var reading = Assert.Single(new ThermalZones(_sysfs.Root, hotCelsius: 80).Read());

        Assert.Equal(alarm, reading.Alarm);
    }

    [Fact]
    public void Zones_of_one_type_are_numbered_and_those_that_tell_no_temperature_left_out()
    {
        Zone(0, "soc", "41000");
        Zone(2, "soc", "42000");
        Zone(10, "soc", "43000");
        Zone(3, "off", "-274000");
        Zone(4, "broken", "N/A");
        Zone(5, "PMIC-Die", "100000");
        _sysfs.Write("class/thermal/thermal_zone6/type", "silent");
        _sysfs.Write("class/thermal/cooling_device0/type", "fan");

        var readings = new ThermalZones(_sysfs.Root, hotCelsius: 80).Read();

        Assert.Equal([("soc", 41.0), ("soc 2", 42), ("soc 3", 43)], readings.Select(reading => (reading.Name, reading.Value)));
    }

    [Fact]
    public void Firmware_tells_what_it_does_now_and_what_it_has_done_since_the_start()
    {
        // Under-voltage now; capped and throttled before.
        _sysfs.Write("devices/platform/soc/soc:firmware/get_throttled", "60001");

        var readings = new FirmwareThrottling(_sysfs.Root).Read();

        Assert.Equal(
        [
            new SensorReading("under-voltage", 1, "1", true, ""),
            new SensorReading("frequency-capped", 0, "1", false, "has been so since the start"),
            new SensorReading("throttled", 0, "1", false, "has been so since the start"),
            new SensorReading("soft-temperature-limit", 0, "1", false, ""),
        ],
            readings);
    }

    [Theory]
    [InlineData("")]
    [InlineData("throttled=0x50005")]
    public void Firmware_file_of_another_form_tells_nothing(string text)
    {
        _sysfs.Write("devices/platform/soc/soc:firmware/get_throttled", text);

        Assert.Empty(new FirmwareThrottling(_sysfs.Root).Read());
    }

    [Fact]
    public void Monitors_tell_turns_duty_and_a_supply_that_is_too_low()
    {
        _sysfs.Write("class/hwmon/hwmon0/name", "rpi_volt");
        _sysfs.Write("class/hwmon/hwmon0/in0_lcrit_alarm", "1");
        _sysfs.Write("class/hwmon/hwmon1/name", "pwmfan");
        _sysfs.Write("class/hwmon/hwmon1/fan1_input", "2310");
        _sysfs.Write("class/hwmon/hwmon1/fan2_input", "0");
        _sysfs.Write("class/hwmon/hwmon1/fan2_alarm", "1");
        _sysfs.Write("class/hwmon/hwmon1/pwm1", "128");
        _sysfs.Write("class/hwmon/hwmon1/pwm1_enable", "1");

        var readings = new HardwareMonitors(_sysfs.Root).Read();

        Assert.Equal(
        [
            new SensorReading("rpi_volt under-voltage", 1, "1", true, ""),
            new SensorReading("pwmfan fan1", 2310, "{rpm}", false, ""),
            new SensorReading("pwmfan fan2", 0, "{rpm}", true, ""),
            new SensorReading("pwmfan pwm1", 50, "%", false, ""),
        ],
            readings);
    }

    [Fact]
    public void Machine_without_any_of_it_tells_nothing()
    {
        ISensorSource[] sources = [new ThermalZones(_sysfs.Root, 80), new FirmwareThrottling(_sysfs.Root), new HardwareMonitors(_sysfs.Root)];

        Assert.Empty(sources.SelectMany(source => source.Read()));
    }

    [Fact]
    public void This_machine_can_be_read_whatever_it_has()
    {
        var real = new SysfsFolder(SysfsFolder.Root);
        ISensorSource[] sources = [new ThermalZones(real, 80), new FirmwareThrottling(real), new HardwareMonitors(real)];
        var zones = Directory.Exists("/sys/class/thermal") ? Directory.GetFileSystemEntries("/sys/class/thermal", "thermal_zone*").Length : 0;

        var readings = sources.SelectMany(source => source.Read()).ToList();

        Assert.True(readings.Count(reading => reading.Unit == SensorReading.Celsius) <= zones);
        Assert.All(readings, reading => Assert.True(double.IsFinite(reading.Value) && reading.Name.Length > 0));
    }

    [Fact]
    public void Light_blinks_by_the_kernels_timer_and_stays_on_by_its_brightness()
    {
        foreach (var file in (string[])["trigger", "brightness", "delay_on", "delay_off"])
        {
            _sysfs.Write($"class/leds/ACT/{file}", "");
        }

        _sysfs.Write("class/leds/ACT/max_brightness", "255");
        var led = new SysfsLed(_sysfs.Root.Below("class/leds/ACT"));

        led.Show(LedPattern.Fast);
        var fast = (_sysfs.Read("class/leds/ACT/trigger"), _sysfs.Read("class/leds/ACT/delay_on"), _sysfs.Read("class/leds/ACT/delay_off"));
        led.Show(LedPattern.Steady);
        var steady = (_sysfs.Read("class/leds/ACT/trigger"), _sysfs.Read("class/leds/ACT/brightness"));

        Assert.Equal(("timer", "100", "100"), fast);
        Assert.StartsWith("none", steady.Item1, StringComparison.Ordinal);
        Assert.Equal("255", steady.Item2);
    }

    [Fact]
    public void Light_that_is_not_there_is_not_made()
    {
        var led = new SysfsLed(_sysfs.Root.Below("class/leds/ACT"));

        Assert.ThrowsAny<IOException>(() => led.Show(LedPattern.Steady));
    }

    public void Dispose() => _sysfs.Dispose();

    private void Zone(int number, string type, string temperature)
    {
        _sysfs.Write($"class/thermal/thermal_zone{number}/type", type);
        _sysfs.Write($"class/thermal/thermal_zone{number}/temp", temperature);
    }
}
