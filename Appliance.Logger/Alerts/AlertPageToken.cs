using System.Globalization;
using System.Text;

namespace Appliance.Logger.Alerts;

/// <summary>A place in the list as clients hand it back: opaque to them, good across restarts.</summary>
internal static class AlertPageToken
{
    public static string Write(AlertCursor cursor) => Convert.ToBase64String(
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{cursor.Time.UtcTicks}:{cursor.Id}")));

    public static bool TryRead(string token, out AlertCursor cursor)
    {
        cursor = null!;
        var bytes = new byte[token.Length];
        if (!Convert.TryFromBase64String(token, bytes, out int length))
        {
            return false;
        }

        string text = Encoding.UTF8.GetString(bytes, 0, length);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !long.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out long ticks)
            || ticks > DateTimeOffset.MaxValue.UtcTicks)
        {
            return false;
        }

        cursor = new AlertCursor(new DateTimeOffset(ticks, TimeSpan.Zero), text[(colon + 1)..]);
        return true;
    }
}
