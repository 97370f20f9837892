namespace Appliance.Bmc.Slots;

/// <summary>How long a power cycle keeps a slot off.</summary>
internal static class DownTime
{
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(3);

    private static readonly SpanBounds Bounds = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));

    /// <summary>Takes seconds and nanoseconds that a caller gave in that field, or says what was wrong with them.</summary>
    public static TimeSpan From(long seconds, int nanoseconds, string field) => Bounds.Read(seconds, nanoseconds, field);
}
