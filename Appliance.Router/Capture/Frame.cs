namespace Appliance.Router.Capture;

/// <summary>One captured frame; its bytes are valid until the source is read again.</summary>
public readonly ref struct Frame(ReadOnlySpan<byte> bytes, long originalLength, long time, LinkType link)
{
    /// <summary>The captured bytes, which a snapshot length may have cut short.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    /// <summary>Length on the wire; never less than the captured bytes.</summary>
    public long OriginalLength { get; } = originalLength;

    /// <summary>Arrival, nanoseconds since 1970 UTC.</summary>
    public long Time { get; } = time;

    public LinkType Link { get; } = link;

    /// <summary>VLAN that the network card took off the frame before it was captured; 0 where there was none.</summary>
    public ushort StrippedVlanId { get; init; }

    /// <summary>The same frame at another time.</summary>
    public Frame At(long time) => new(Bytes, OriginalLength, time, Link) { StrippedVlanId = StrippedVlanId };
}
