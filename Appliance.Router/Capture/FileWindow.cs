namespace Appliance.Router.Capture;

/// <summary>A window that slides over a file by big reads; it works on pipes too.</summary>
/// <remarks>Not a memory map: a file that is cut while it is mapped kills the process with SIGBUS.</remarks>
internal sealed class FileWindow : IDisposable
{
    /// <summary>The most that can be seen at once.</summary>
    public const int MaxPeek = 512 * 1024;

    // Small enough to stay in a second-level cache, so a frame is still warm when it is decoded.
    private readonly byte[] buffer = GC.AllocateUninitializedArray<byte>(MaxPeek);
    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle file;
    private long bufferOffset;
    private int start;
    private int end;

    public FileWindow(string path) => file = File.OpenHandle(path, options: FileOptions.SequentialScan);

    /// <summary>Place in the file of the first byte that can be peeked at.</summary>
    public long Offset => bufferOffset + start;

    /// <summary>Bytes at hand; after a failed <see cref="Ensure"/> all that the file still has.</summary>
    public int Available => end - start;

    public bool Ensure(int count) => end - start >= count || Fill(count);

    public ReadOnlySpan<byte> Peek(int count) => buffer.AsSpan(start, count);

    public void Advance(int count) => start += count;

    /// <summary>Moves on by any length; false when the file ends before it.</summary>
    public bool TrySkip(long count)
    {
        while (count > Available)
        {
            count -= Available;
            start = end;
            if (!Ensure(1))
            {
                return false;
            }
        }

        start += (int)count;
        return true;
    }

    public void Dispose() => file.Dispose();

    private bool Fill(int count)
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        bufferOffset += start;
        end -= start;
        start = 0;
        while (end < count)
        {
            var read = RandomAccess.Read(file, buffer.AsSpan(end), bufferOffset + end);
            if (read == 0)
            {
                return false;
            }

            end += read;
        }

        return true;
    }
}
