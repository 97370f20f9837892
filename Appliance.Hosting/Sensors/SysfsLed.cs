using System.Globalization;

namespace Appliance.Hosting.Sensors;

/// <summary>A light of the kernel's LED class (its leds/leds-class.rst): the kernel itself blinks, also while the role is busy.</summary>
internal sealed class SysfsLed(SysfsFolder led) : IStatusLed
{
    public void Show(LedPattern pattern)
    {
        if (LedBeat.Of(pattern) is { Ticks: > 0 } beat)
        {
            // The timer's two files are there from its trigger on.
            Write("trigger", "timer");
            var milliseconds = beat.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
            Write("delay_on", milliseconds);
            Write("delay_off", milliseconds);
            return;
        }

        Write("trigger", "none");
        Write("brightness", pattern == LedPattern.Off ? "0" : led.Text("max_brightness") ?? "1");
    }

    // Sysfs takes no O_CREAT of what is not there, and a file of that name beside it would light nothing.
    private void Write(string file, string text)
    {
        using var stream = new FileStream(Path.Combine(led.Path, file), FileMode.Open, FileAccess.Write);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(text));
    }
}
