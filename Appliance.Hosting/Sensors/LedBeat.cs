namespace Appliance.Hosting.Sensors;

/// <summary>How long a light stays on, and off, in a pattern that blinks.</summary>
internal static class LedBeat
{
    public static TimeSpan Of(LedPattern pattern) => pattern switch
    {
        LedPattern.Slow => TimeSpan.FromSeconds(1),
        LedPattern.Fast => TimeSpan.FromMilliseconds(100),
        _ => Timeout.InfiniteTimeSpan,
    };
}
