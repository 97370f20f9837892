namespace Appliance.Router.Capture;

/// <summary>A source that could not be opened, and says why.</summary>
internal sealed class FailedSource(CaptureFault fault) : ILiveSource
{
    public long Now => 0;

    public long ReadCount => 0;

    public long KernelCount => 0;

    public long DroppedCount => 0;

    public bool IsUp => false;

    public Action? LinkChanged { get; set; }

    public CaptureFault? Fault => fault;

    public ReadOutcome Read(out Frame frame)
    {
        frame = default;
        return ReadOutcome.End;
    }

    public ValueTask WaitAsync(CancellationToken token) => ValueTask.CompletedTask;

    public void Halt()
    {
    }

    public void Dispose()
    {
    }
}
