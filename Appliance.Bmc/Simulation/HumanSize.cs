using System.Globalization;

namespace Appliance.Bmc.Simulation;

/// <summary>Sizes as the Rust crate humansize writes them in decimal units.</summary>
internal static class HumanSize
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

    public static string Format(ulong bytes)
    {
        var unit = 0;
        double size = bytes;
        for (; size >= 1000 && unit < Units.Length - 1; unit++)
        {
            size /= 1000;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{size:0.##} {Units[unit]}");
    }
}
