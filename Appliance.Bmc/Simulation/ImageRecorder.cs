using System.Security.Cryptography;

namespace Appliance.Bmc.Simulation;

/// <summary>Follows what a transfer writes: its length, its digest and its first MiB; and all of it where a disk is kept.</summary>
internal sealed class ImageRecorder(Func<SlotDisk?> openDisk) : IDisposable
{
    private const int HeadBytes = 1024 * 1024;

    private readonly IncrementalHash _digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly MemoryStream _head = new();
    private SlotDisk? _disk;

    public long Length { get; private set; }

    public void Write(ReadOnlySpan<byte> block)
    {
        _disk ??= openDisk();
        _disk?.Write(block);
        _digest.AppendData(block);
        Length += block.Length;
        _head.Write(block[..Math.Min(block.Length, HeadBytes - (int)_head.Length)]);
    }

    /// <summary>At most the first MiB.</summary>
    public byte[] Head() => _head.ToArray();

    public WrittenImage Image(bool isWhole)
    {
        var head = Head();
        return new WrittenImage(Length, Convert.ToHexStringLower(_digest.GetCurrentHash()), head, isWhole, ImageLabel.Find(head));
    }

    public void Dispose()
    {
        _disk?.Dispose();
        _digest.Dispose();
        _head.Dispose();
    }
}
