namespace Appliance.Router.Capture;

/// <summary>Plays a capture with its own timing, or faster, once or again and again.</summary>
/// <remarks>The clock of the frames runs from the start of the replay on, N-fold at speed N; each loop follows a second after the last.</remarks>
public sealed class Replay : IPacketSource
{
    private const long LoopGap = 1_000_000_000;
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(100);

    private readonly Func<IPacketSource> _open;
    private readonly CaptureOptions _options;
    private readonly TimeProvider _clock;
    private readonly HeldFrame _held = new();
    private readonly long _startStamp;
    private readonly long _startTime;
    private IPacketSource _source;

    // Where this loop's first frame stands: in the capture, on the clock given out, and since the start of the replay.
    private long? _captureBase;
    private long _outBase;
    private double _playedBase;
    private long _latest;
    private volatile bool _isHalted;

    public Replay(Func<IPacketSource> open, CaptureOptions options, TimeProvider clock)
    {
        _open = open;
        _options = options;
        _clock = clock;
        _source = open();
        _startStamp = clock.GetTimestamp();
        _startTime = (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
    }

    public CaptureFault? Fault => _source.Fault;

    public long DroppedCount => 0;

    /// <summary>Times that the capture has been played to its end.</summary>
    public long LoopsCount { get; private set; }

    public long Now
    {
        get
        {
            if (_captureBase is null || _options.Speed == 0)
            {
                return _latest;
            }

            // Between frames the clock goes on at the replay's pace, but never past the frame that waits.
            var now = _outBase + (long)((Played - _playedBase) * _options.Speed);
            return Math.Max(_latest, _held.IsHeld ? Math.Min(now, _held.Time) : _latest);
        }
    }

    private double Played => _clock.GetElapsedTime(_startStamp).TotalNanoseconds;

    public ReadOutcome Read(out Frame frame)
    {
        if (_isHalted)
        {
            frame = default;
            return ReadOutcome.End;
        }

        if (_held.IsHeld)
        {
            frame = _held.Frame;
            return Give(ref frame);
        }

        while (_source.Read(out frame) != ReadOutcome.Frame)
        {
            if (!TryStartOver())
            {
                return ReadOutcome.End;
            }
        }

        StartLoop(frame.Time);
        frame = frame.At(_outBase + (frame.Time - _captureBase.GetValueOrDefault()));
        return Give(ref frame);
    }

    public ValueTask WaitAsync(CancellationToken token)
    {
        var wait = TimeSpan.FromMicroseconds((DueAt(_held.Time) - Played) / 1000);
        return wait <= TimeSpan.Zero
            ? ValueTask.CompletedTask
            : new ValueTask(Task.Delay(wait < MaxWait ? wait : MaxWait, _clock, token));
    }

    public void Halt() => _isHalted = true;

    public void Dispose() => _source.Dispose();

    private ReadOutcome Give(ref Frame frame)
    {
        if (_options.Speed > 0 && DueAt(frame.Time) > Played)
        {
            _held.Hold(frame);
            frame = default;
            return ReadOutcome.Idle;
        }

        _held.Release();
        _latest = Math.Max(_latest, frame.Time);
        return ReadOutcome.Frame;
    }

    private double DueAt(long time) => _playedBase + ((time - _outBase) / _options.Speed);

    // Sets the bases by the first frame of a loop.
    private void StartLoop(long firstTime)
    {
        if (_captureBase is not null)
        {
            return;
        }

        _captureBase = firstTime;
        if (LoopsCount == 0)
        {
            _outBase = _options.ShiftToNow ? _startTime : firstTime;
        }
        else
        {
            var length = _latest + LoopGap - _outBase;
            _outBase += length;
            _playedBase += _options.Speed > 0 ? length / _options.Speed : 0;
        }
    }

    private bool TryStartOver()
    {
        // A capture without a frame would be played for ever at once.
        if (!_options.Loop || _source.Fault is not null || _captureBase is null)
        {
            return false;
        }

        _source.Dispose();
        _source = _open();
        _captureBase = null;
        LoopsCount++;
        return true;
    }
}
