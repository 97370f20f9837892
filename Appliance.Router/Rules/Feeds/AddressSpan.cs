namespace Appliance.Router.Rules.Feeds;

/// <summary>Addresses of one family from the first to the last, both included.</summary>
public readonly record struct AddressSpan(UInt128 First, UInt128 Last)
{
    public bool Contains(UInt128 address) => address >= First && address <= Last;

    public bool Overlaps(AddressSpan other) => First <= other.Last && other.First <= Last;
}
