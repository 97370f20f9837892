using Appliance.Hosting.Sensors;
using Appliance.Hosting.Sensors.Bindings;
using Iot.Device.CpuTemperature;

namespace Appliance.Hosting.Tests.Sensors;

public sealed class CpuTemperaturesTests
{
    [Fact]
    public void Readings_of_the_binding_are_named_as_such_and_hot_ones_are_alarms()
    {
        using var cpu = new CpuTemperature();
        cpu.Add("CPU", 61.5);
        cpu.Add("GPU", 80);
        using var temperatures = new CpuTemperatures(cpu, hotCelsius: 80);

        var readings = temperatures.Read();

        Assert.Equal(
            [new SensorReading("CPU (binding)", 61.5, "Cel", false, ""), new SensorReading("GPU (binding)", 80, "Cel", true, "")],
            readings);
    }

    [Fact]
    public void Machine_that_the_binding_does_not_know_tells_nothing()
    {
        using var temperatures = new CpuTemperatures(new CpuTemperature(), hotCelsius: 80);

        Assert.Empty(temperatures.Read());
    }
}
