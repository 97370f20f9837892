using Appliance.Detector.Flows;

namespace Appliance.Detector.Features;

/// <summary>A device by its MAC address, or by its IP address where the link has no MAC addresses.</summary>
internal readonly record struct DeviceKey(UInt128 Value, bool IsMac)
{
    public static DeviceKey Of(MacAddress mac, UInt128 address) => mac.IsEmpty ? new DeviceKey(address, IsMac: false) : new DeviceKey(mac.Value, IsMac: true);

    // Seeded by the framework: strangers choose these addresses.
    public override int GetHashCode() => HashCode.Combine(Value, IsMac);

    public override string ToString() => IsMac ? new MacAddress((ulong)Value).ToString() : AddressText.Of(Value);
}
