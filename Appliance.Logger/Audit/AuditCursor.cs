using System.Globalization;

namespace Appliance.Logger.Audit;

/// <summary>A place in the trail: right behind this entry. As clients hand it back it is opaque to them and good across restarts.</summary>
internal sealed record AuditCursor(DateTimeOffset Time, long Position)
{
    public static AuditCursor After(TrailEntry entry) => new(entry.Entry.Time, entry.Position);

    public string ToToken() => string.Create(CultureInfo.InvariantCulture, $"{Time.UtcTicks}.{Position}");

    public static bool TryRead(string token, out AuditCursor? cursor)
    {
        var parts = token.Split('.');
        cursor = parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTimeOffset.MaxValue.UtcTicks
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? new AuditCursor(new DateTimeOffset(ticks, TimeSpan.Zero), position)
            : null;
        return cursor is not null;
    }
}
