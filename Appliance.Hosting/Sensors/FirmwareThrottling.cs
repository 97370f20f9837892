using System.Globalization;

namespace Appliance.Hosting.Sensors;

/// <summary>What the Raspberry Pi's firmware does to the processor, and why (documentation of `vcgencmd get_throttled`).</summary>
internal sealed class FirmwareThrottling(SysfsFolder sysfs) : ISensorSource
{
    // The same bit 16 places up: it has been so since the start.
    private const int SinceStart = 16;

    private static readonly (int Bit, string Name)[] Meanings =
    [
        (0, "under-voltage"),
        (1, "frequency-capped"),
        (2, "throttled"),
        (3, "soft-temperature-limit"),
    ];

    public IEnumerable<SensorReading> Read()
    {
        foreach (var firmware in sysfs.Below("devices/platform").Folders("soc*").SelectMany(soc => soc.Folders("*firmware*")))
        {
            // "50005", in hexadecimal without a sign of it.
            if (firmware.Number("get_throttled", NumberStyles.AllowHexSpecifier) is { } bits)
            {
                return Meanings.Select(meaning => Reading(bits, meaning.Bit, meaning.Name));
            }
        }

        return [];
    }

    private static SensorReading Reading(long bits, int bit, string name)
    {
        var isNow = (bits >> bit & 1) != 0;
        var wasSo = (bits >> (bit + SinceStart) & 1) != 0;
        return new SensorReading(name, isNow ? 1 : 0, SensorReading.YesOrNo, isNow, wasSo && !isNow ? "has been so since the start" : "");
    }
}
