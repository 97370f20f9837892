using System.Globalization;

namespace Appliance.Logger.Dashboard.Words;

/// <summary>Numbers as people read them.</summary>
internal static class Figures
{
    private static readonly string[] Prefixes = ["", "k", "M", "G", "T"];

    /// <summary>For example "1,234".</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Three digits and a decimal prefix, for example "9.8 Mbit/s".</summary>
    public static string Rate(double perSecond, string unit)
    {
        var step = 0;
        while (perSecond >= 999.5 && step < Prefixes.Length - 1)
        {
            perSecond /= 1000;
            step++;
        }

        var digits = step == 0 || perSecond >= 99.95 ? "0" : "0.0";
        return $"{perSecond.ToString(digits, CultureInfo.InvariantCulture)} {Prefixes[step]}{unit}";
    }

    /// <summary>Up to three significant decimals, without zeros at the end.</summary>
    public static string Plain(double value) =>
        Math.Abs(value) >= 1000 ? value.ToString("N0", CultureInfo.InvariantCulture) : value.ToString("0.###", CultureInfo.InvariantCulture);

    public static string Percent(double share) => share.ToString("P0", CultureInfo.InvariantCulture).Replace(" ", "\u00a0", StringComparison.Ordinal);
}
