using System.Globalization;

namespace Appliance.Logger.Alerts;

/// <summary>MAC addresses as people write them, "02:00:00:00:00:01".</summary>
internal static class MacText
{
    public static string Of(ReadOnlySpan<byte> mac) =>
        string.Join(':', mac.ToArray().Select(part => part.ToString("x2", CultureInfo.InvariantCulture)));

    /// <summary>The bytes of a text that <see cref="Of"/> made; none for an empty one.</summary>
    public static byte[] Parse(string text) =>
        text.Length == 0 ? [] : [.. text.Split(':').Select(part => byte.Parse(part, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
}
