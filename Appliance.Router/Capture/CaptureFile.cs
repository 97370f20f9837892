namespace Appliance.Router.Capture;

/// <summary>Frames of a capture file, pcap or pcapng; what is wrong with the file is told as a fault at its end.</summary>
public sealed class CaptureFile : IPacketSource
{
    private readonly FileWindow? _window;
    private readonly IRecordReader? _records;
    private readonly CaptureFaults _faults;
    private volatile bool _isHalted;

    public CaptureFile(string path)
    {
        _faults = new CaptureFaults(path);
        try
        {
            _window = new FileWindow(path);
            _records = Recognize(_window);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            Fault = _faults.Missing();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Fault = _faults.Unreadable(0, error.Message);
        }
    }

    public long Now { get; private set; }

    public long DroppedCount => 0;

    public CaptureFault? Fault { get; private set; }

    public ReadOutcome Read(out Frame frame)
    {
        if (_records is null || Fault is not null || _isHalted)
        {
            frame = default;
            return ReadOutcome.End;
        }

        try
        {
            if (_records.TryRead(out frame, out var fault))
            {
                Now = Math.Max(Now, frame.Time);
                return ReadOutcome.Frame;
            }

            Fault = fault;
        }
        catch (IOException error)
        {
            frame = default;
            Fault = _faults.Unreadable(_window!.Offset, error.Message);
        }

        return ReadOutcome.End;
    }

    /// <summary>A file never keeps its reader waiting.</summary>
    public ValueTask WaitAsync(CancellationToken token) => ValueTask.CompletedTask;

    public void Halt() => _isHalted = true;

    public void Dispose() => _window?.Dispose();

    private IRecordReader? Recognize(FileWindow opened)
    {
        if (!opened.Ensure(4))
        {
            Fault = opened.Available == 0 ? _faults.Empty() : _faults.NotCapture(opened.Peek(opened.Available));
            return null;
        }

        IRecordReader? found = ClassicRecords.TryOpen(opened, _faults);
        found ??= PcapngRecords.TryOpen(opened, _faults);
        if (found is null)
        {
            Fault = _faults.NotCapture(opened.Peek(4));
        }

        return found;
    }
}
