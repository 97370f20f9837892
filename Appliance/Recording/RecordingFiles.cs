using Appliance.Commands;
using Appliance.Router.Capture;

namespace Appliance.Recording;

/// <summary>The files of a recording, which together never take more than they may.</summary>
internal sealed class RecordingFiles : IDisposable
{
    // A file takes whole blocks of the disk.
    private const long BlockBytes = 4096;

    private readonly RecordRequest _request;
    private readonly RecordingNames _names;
    private readonly long _maxFileBytes;
    private readonly Queue<RecordedFile> _finished = [];
    private int _number;
    private long _packetsBefore;
    private long _bytesBefore;
    private bool _isFinished;
    private CaptureWriter? _writer;

    public RecordingFiles(RecordRequest request)
    {
        _request = request;
        _names = new RecordingNames(request);
        _maxFileBytes = request.MaxBytes / request.FilesCount / BlockBytes * BlockBytes;
        _names.Claim();
        OpenNext();
    }

    /// <summary>Finished files, oldest first.</summary>
    public IReadOnlyCollection<RecordedFile> Finished => _finished;

    /// <summary>Packets that have reached a file, also one that has been deleted since.</summary>
    public long PacketsCount => _packetsBefore + _writer!.PacketsCount;

    /// <summary>Their length on the wire.</summary>
    public long WireBytes => _bytesBefore + _writer!.WireBytes;

    /// <summary>Takes a frame; false when there is no more room for it.</summary>
    public bool TryAppend(in Frame frame)
    {
        if ((int)frame.Link < 0)
        {
            throw new CommandFailedException($"{_request.Interface} is of a kind of link that the ring does not know; give --method pcap.");
        }

        if (_writer!.Length + _writer.MostFor(frame) > _maxFileBytes)
        {
            if (_request.FilesCount == 1)
            {
                return false;
            }

            Rotate();
        }

        return _writer.TryAppend(frame)
            ? true
            : throw new CommandFailedException($"{_request.Output} holds frames of one kind of link, and {_request.Interface} gave another ({(int)frame.Link}); name a .pcapng file.");
    }

    public void Flush() => _writer!.Flush();

    /// <summary>Writes what is left and gives the last file its name.</summary>
    public void Complete()
    {
        try
        {
            if (!_isFinished)
            {
                _writer!.Complete();
            }
        }
        finally
        {
            Finish();
        }
    }

    /// <summary>Gives the last file its name with what it holds.</summary>
    public void Dispose() => Finish();

    private void Rotate()
    {
        Complete();
        while (_finished.Count >= _request.FilesCount)
        {
            File.Delete(_finished.Dequeue().Name);
        }

        OpenNext();
    }

    private void Finish()
    {
        if (_isFinished)
        {
            return;
        }

        _isFinished = true;
        _writer!.Dispose();
        var (part, name) = (_names.Part(_number), _names.Finished(_number));
        var length = new FileInfo(part).Length;
        if (length == 0)
        {
            // Not even its header found room.
            File.Delete(part);
            return;
        }

        File.Move(part, name, _request.Overwrites);
        _finished.Enqueue(new RecordedFile(name, _writer.PacketsCount, length));
    }

    private void OpenNext()
    {
        var next = new CaptureWriter(_names.Part(_number + 1), _request.Format, _request.Interface, _request.SnapLength);
        _packetsBefore += _writer?.PacketsCount ?? 0;
        _bytesBefore += _writer?.WireBytes ?? 0;
        _writer = next;
        _number++;
        _isFinished = false;
    }
}
