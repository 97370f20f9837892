using System.ComponentModel.DataAnnotations;

namespace Appliance.Hosting.Configuration;

/// <summary>The sensors and the light of the machine that the role runs on.</summary>
public sealed class SensorOptions
{
    /// <summary>From here on a temperature is an alarm. The CM4's firmware slows it down between 80 and 85.</summary>
    [Range(30, 120)]
    public int HotCelsius { get; set; } = 80;

    /// <summary>The light that shows the role's health: the name of a LED in /sys/class/leds, or `gpio:` and a line's number; empty for none.</summary>
    [RegularExpression("^(gpio:[0-9]{1,3}|[A-Za-z0-9][A-Za-z0-9:_.-]{0,63})?$", ErrorMessage = "must be the name of a LED in /sys/class/leds, or gpio: and a number")]
    public string StatusLed { get; set; } = "";
}
