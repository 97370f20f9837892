namespace Appliance.Router.Capture;

/// <summary>A window that slides over a file by big reads; it works on pipes too.</summary>
/// <remarks>Not a memory map: a file that is cut while it is mapped kills the process with SIGBUS.</remarks>
internal sealed class FileWindow : IDisposable
{
    /// <summary>The most that can be seen at once.</summary>
    public const int MaxPeek = 512 * 1024;

    // Small enough to stay in a second-level cache, so a frame is still warm when it is decoded.
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(MaxPeek);
    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle _file;
    private long _bufferOffset;
    private int _start;
    private int _end;

    public FileWindow(string path) => _file = File.OpenHandle(path, options: FileOptions.SequentialScan);

    /// <summary>Place in the file of the first byte that can be peeked at.</summary>
    public long Offset => _bufferOffset + _start;

    /// <summary>Bytes at hand; after a failed <see cref="Ensure"/> all that the file still has.</summary>
    public int Available => _end - _start;

    public bool Ensure(int count) => _end - _start >= count || Fill(count);

    public ReadOnlySpan<byte> Peek(int count) => _buffer.AsSpan(_start, count);

    public void Advance(int count) => _start += count;

    /// <summary>Moves on by any length; false when the file ends before it.</summary>
    public bool TrySkip(long count)
    {
        while (count > Available)
        {
            count -= Available;
            _start = _end;
            if (!Ensure(1))
            {
                return false;
            }
        }

        _start += (int)count;
        return true;
    }

    public void Dispose() => _file.Dispose();

    private bool Fill(int count)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _bufferOffset += _start;
        _end -= _start;
        _start = 0;
        while (_end < count)
        {
            var read = RandomAccess.Read(_file, _buffer.AsSpan(_end), _bufferOffset + _end);
            if (read == 0)
            {
                return false;
            }

            _end += read;
        }

        return true;
    }
}
