namespace Appliance.Detector.Detectors;

/// <summary>An address as a key, hashed with the framework's seed, since strangers choose addresses.</summary>
internal readonly record struct AddressKey(UInt128 Value)
{
    public override int GetHashCode() => HashCode.Combine((ulong)Value, (ulong)(Value >> 64));
}
