using System.Globalization;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Slots;

/// <summary>The shortest and the longest time that a caller may ask for.</summary>
internal sealed record SpanBounds(TimeSpan Shortest, TimeSpan Longest)
{
    /// <summary>Takes seconds and nanoseconds that a caller gave in that field, or says what was wrong with them.</summary>
    public TimeSpan Read(long seconds, int nanoseconds, string field)
    {
        var isSpan = nanoseconds is >= 0 and < 1_000_000_000 && seconds >= 0 && seconds <= Longest.TotalSeconds;
        var span = isSpan ? TimeSpan.FromSeconds(seconds) + TimeSpan.FromMicroseconds(nanoseconds / 1000) : TimeSpan.MinValue;
        return span >= Shortest && span <= Longest
            ? span
            : throw new InvalidInputException(
                field,
                string.Create(CultureInfo.InvariantCulture, $"{seconds} s {nanoseconds} ns is not from {Shortest.TotalSeconds:0} s to {Longest.TotalSeconds:0} s"));
    }
}
