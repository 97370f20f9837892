namespace Appliance.Bmc.Simulation;

/// <summary>A module's flash as a sparse file: blocks of zeros take no space.</summary>
internal sealed class SlotDisk : IDisposable
{
    // What file systems allocate at once.
    private const int BlockBytes = 4096;

    private readonly FileStream _file;
    private readonly long _size;

    /// <summary>Empties it; what was there before is gone with the first byte, as on a module.</summary>
    public SlotDisk(string path, long size)
    {
        _size = size;
        _file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 1 << 20 });
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var part = bytes[..Math.Min(bytes.Length, BlockBytes)];
            if (part.ContainsAnyExcept((byte)0))
            {
                _file.Write(part);
            }
            else
            {
                _file.Seek(part.Length, SeekOrigin.Current);
            }

            bytes = bytes[part.Length..];
        }
    }

    public void Dispose()
    {
        _file.SetLength(Math.Max(_file.Position, _size));
        _file.Dispose();
    }
}
