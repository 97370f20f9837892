namespace Appliance.Router.Devices;

internal static class DeviceTime
{
    private const long NanosecondsPerTick = 100;

    /// <summary>A moment of the capture's clock, in nanoseconds since 1970 UTC.</summary>
    public static DateTimeOffset Of(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / NanosecondsPerTick);
}
