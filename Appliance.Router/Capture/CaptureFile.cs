namespace Appliance.Router.Capture;

/// <summary>Frames of a capture file, pcap or pcapng; what is wrong with the file is told as a fault at its end.</summary>
public sealed class CaptureFile : IPacketSource
{
    private readonly FileWindow? window;
    private readonly IRecordReader? records;
    private readonly CaptureFaults faults;

    public CaptureFile(string path)
    {
        faults = new CaptureFaults(path);
        try
        {
            window = new FileWindow(path);
            records = Recognize(window);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            Fault = faults.Missing();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Fault = faults.Unreadable(0, error.Message);
        }
    }

    public long Now { get; private set; }

    public long DroppedCount => 0;

    public CaptureFault? Fault { get; private set; }

    public ReadOutcome Read(out Frame frame)
    {
        if (records is null || Fault is not null)
        {
            frame = default;
            return ReadOutcome.End;
        }

        try
        {
            if (records.TryRead(out frame, out var fault))
            {
                Now = Math.Max(Now, frame.Time);
                return ReadOutcome.Frame;
            }

            Fault = fault;
        }
        catch (IOException error)
        {
            frame = default;
            Fault = faults.Unreadable(window!.Offset, error.Message);
        }

        return ReadOutcome.End;
    }

    /// <summary>A file never keeps its reader waiting.</summary>
    public ValueTask WaitAsync(CancellationToken token) => ValueTask.CompletedTask;

    public void Dispose() => window?.Dispose();

    private IRecordReader? Recognize(FileWindow opened)
    {
        if (!opened.Ensure(4))
        {
            Fault = opened.Available == 0 ? faults.Empty() : faults.NotCapture(opened.Peek(opened.Available));
            return null;
        }

        IRecordReader? found = ClassicRecords.TryOpen(opened, faults);
        found ??= PcapngRecords.TryOpen(opened, faults);
        if (found is null)
        {
            Fault = faults.NotCapture(opened.Peek(4));
        }

        return found;
    }
}
