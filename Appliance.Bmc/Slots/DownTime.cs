using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Slots;

/// <summary>How long a power cycle keeps a slot off.</summary>
internal static class DownTime
{
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(3);
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>Takes seconds and nanoseconds that a caller gave in that field, or says what was wrong with them.</summary>
    public static TimeSpan From(long seconds, int nanoseconds, string field)
    {
        var isSpan = nanoseconds is >= 0 and < 1_000_000_000 && seconds >= 0 && seconds <= Longest.TotalSeconds;
        var span = isSpan ? TimeSpan.FromSeconds(seconds) + TimeSpan.FromMicroseconds(nanoseconds / 1000) : TimeSpan.MinValue;
        return span >= Shortest && span <= Longest
            ? span
            : throw new InvalidInputException(
                field,
                $"{seconds} s {nanoseconds} ns is not from {Shortest.TotalSeconds:0} s to {Longest.TotalSeconds:0} s");
    }
}
