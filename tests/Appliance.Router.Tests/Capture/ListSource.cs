using Appliance.Router.Capture;

namespace Appliance.Router.Tests.Capture;

/// <summary>A source of frames that a test has made, each at its time.</summary>
internal sealed class ListSource(params (long Time, byte[] Bytes)[] frames) : IPacketSource
{
    private int _next;

    public long Now => _next == 0 ? 0 : frames[.._next].Max(frame => frame.Time);

    public long DroppedCount => 0;

    public CaptureFault? Fault { get; init; }

    public ReadOutcome Read(out Frame frame)
    {
        frame = default;
        if (_next == frames.Length)
        {
            return ReadOutcome.End;
        }

        var (time, bytes) = frames[_next++];
        frame = new Frame(bytes, bytes.Length, time, LinkType.Ethernet);
        return ReadOutcome.Frame;
    }

    public ValueTask WaitAsync(CancellationToken token) => ValueTask.CompletedTask;

    public void Halt()
    {
    }

    public void Dispose()
    {
    }
}
