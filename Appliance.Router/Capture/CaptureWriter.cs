namespace Appliance.Router.Capture;

/// <summary>Writes frames to a capture file that only its owner can read.</summary>
/// <remarks>Only whole records reach the file, so that it can be read at any time, and after a disk that was full.</remarks>
public sealed class CaptureWriter : IDisposable
{
    private const int BufferBytes = 1 << 20;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
    private readonly FileStream _file;
    private readonly IRecordWriter _records;
    private long _length;
    private int _used;
    private long _takenPackets;
    private long _takenBytes;
    private bool _hasBegun;

    /// <param name="path">Must not be there yet.</param>
    /// <param name="format">How the frames are laid out.</param>
    /// <param name="interfaceName">Where the frames come from.</param>
    /// <param name="snapLength">Bytes that are kept of each frame.</param>
    public CaptureWriter(string path, CaptureFormat format, string interfaceName, int snapLength)
    {
        _records = format == CaptureFormat.Pcapng ? new PcapngWriter(interfaceName, snapLength) : new ClassicWriter(snapLength);
        _file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.Read | FileShare.Delete,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
    }

    /// <summary>Bytes of the file once all is written.</summary>
    public long Length => _length + _used;

    /// <summary>Frames that the file holds.</summary>
    public long PacketsCount { get; private set; }

    /// <summary>Their length on the wire.</summary>
    public long WireBytes { get; private set; }

    /// <summary>The most that a frame makes the file longer.</summary>
    public long MostFor(in Frame frame) => frame.Bytes.Length + _records.MaxOverhead;

    /// <summary>Takes a frame; false where this file can't hold frames of that kind of link.</summary>
    public bool TryAppend(in Frame frame)
    {
        if (_used + MostFor(frame) > BufferBytes)
        {
            Flush();
        }

        Begin(frame.Link);
        var length = _records.Write(frame, _buffer.AsSpan(_used));
        _used += length;
        if (length == 0)
        {
            return false;
        }

        _takenPackets++;
        _takenBytes += frame.OriginalLength;
        return true;
    }

    /// <summary>Writes what was taken; where the disk is full, the file ends with the last record before and an <see cref="IOException"/> is thrown.</summary>
    public void Flush()
    {
        try
        {
            _file.Write(_buffer, 0, _used);
        }
        catch (IOException)
        {
            Forget();
            _file.SetLength(_length);
            throw;
        }

        _length += _used;
        PacketsCount += _takenPackets;
        WireBytes += _takenBytes;
        Forget();
    }

    /// <summary>Writes what was taken, down to the disk. A file without frames is still a capture.</summary>
    public void Complete()
    {
        Begin(LinkType.Ethernet);
        Flush();
        _file.Flush(flushToDisk: true);
    }

    /// <summary>Closes the file without what was taken since the last flush.</summary>
    public void Dispose() => _file.Dispose();

    private void Forget()
    {
        _used = 0;
        _takenPackets = _takenBytes = 0;
    }

    private void Begin(LinkType link)
    {
        if (!_hasBegun)
        {
            _used += _records.Begin(link, _buffer.AsSpan(_used));
            _hasBegun = true;
        }
    }
}
