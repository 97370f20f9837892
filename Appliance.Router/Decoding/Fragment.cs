namespace Appliance.Router.Decoding;

/// <summary>Place of a packet in a fragmented one.</summary>
/// <remarks>The offset is in bytes; the identification is 16 bits wide in IPv4 and 32 in IPv6.</remarks>
internal readonly record struct Fragment(uint Identification, int Offset, bool HasMore)
{
    /// <summary>False for a packet that is whole.</summary>
    public bool IsPart => HasMore || Offset > 0;

    public bool IsFirst => HasMore && Offset == 0;

    public bool IsLater => Offset > 0;
}
