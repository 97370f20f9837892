namespace Appliance.Router.Rules;

/// <summary>A station, by its MAC address, and one limit that its device's policy or schedule sets.</summary>
public readonly record struct LimitedDevice(BlockTarget Station, DeviceLimit Limit);
