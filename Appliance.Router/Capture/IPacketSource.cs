namespace Appliance.Router.Capture;

/// <summary>Where frames come from: a capture file, a replay of one, or a network interface.</summary>
public interface IPacketSource : IDisposable
{
    /// <summary>Gives the next frame, without waiting for one.</summary>
    ReadOutcome Read(out Frame frame);

    /// <summary>Returns when a read may give something, or after a tenth of a second at most.</summary>
    ValueTask WaitAsync(CancellationToken token);

    /// <summary>Takes no more frames: those taken already can still be read, then the source ends.</summary>
    void Halt();

    /// <summary>The source's clock (nanoseconds since 1970 UTC): no earlier frame is still to come.</summary>
    long Now { get; }

    /// <summary>Frames lost before they could be read.</summary>
    long DroppedCount { get; }

    /// <summary>Why the source ended early; null when it did not.</summary>
    CaptureFault? Fault { get; }

    /// <summary>Why frames are taken in a lesser way than the usual one; null when they are not.</summary>
    string? Weakness => null;
}
