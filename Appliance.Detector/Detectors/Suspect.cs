using Appliance.Detector.Flows;

namespace Appliance.Detector.Detectors;

/// <summary>Who a finding is about: an IP address, or a MAC address where no IP address can be trusted.</summary>
public readonly record struct Suspect
{
    private Suspect(UInt128 value, bool isMac)
    {
        Value = value;
        IsMac = isMac;
    }

    public UInt128 Value { get; }

    public bool IsMac { get; }

    public static Suspect FromAddress(UInt128 address) => new(address, isMac: false);

    public static Suspect FromMac(MacAddress mac) => new(mac.Value, isMac: true);

    // Seeded by the framework: strangers choose these addresses.
    public override int GetHashCode() => HashCode.Combine(Value, IsMac);

    public override string ToString() => IsMac ? new MacAddress((ulong)Value).ToString() : AddressText.Of(Value);
}
