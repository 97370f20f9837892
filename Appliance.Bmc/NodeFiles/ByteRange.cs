namespace Appliance.Bmc.NodeFiles;

/// <summary>Bytes of an image.</summary>
internal sealed record ByteRange(long Start, long Length)
{
    public long End => Start + Length;
}
