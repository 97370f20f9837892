using Appliance.Router.Devices;

namespace Appliance.Router.Rules;

/// <summary>What devices' policies and schedules keep their stations from, at a moment.</summary>
internal static class DeviceLimits
{
    public static IEnumerable<LimitedDevice> Of(Device device, DateTimeOffset local)
    {
        var station = DeviceBarrier.TargetOf(device.Mac);
        if (device.Policy is DevicePolicy.LanOnly or DevicePolicy.InternetOnly)
        {
            yield return new LimitedDevice(station, device.Policy == DevicePolicy.LanOnly ? DeviceLimit.LanOnly : DeviceLimit.InternetOnly);
        }

        if (device.AllowedTimes.Count > 0 && !device.AllowedTimes.Any(times => times.Contains(local.DateTime)))
        {
            yield return new LimitedDevice(station, DeviceLimit.Resting);
        }
    }

    /// <summary>Of all devices, in an order that does not depend on theirs.</summary>
    public static IReadOnlyList<LimitedDevice> Of(IEnumerable<Device> devices, DateTimeOffset local) =>
        InOrder(devices.SelectMany(device => Of(device, local)));

    public static IReadOnlyList<LimitedDevice> InOrder(IEnumerable<LimitedDevice> limits) =>
        [.. limits.OrderBy(limit => limit.Station.Value).ThenBy(limit => limit.Limit)];
}
