using Appliance.Router.Capture;

namespace Appliance.Evaluation.Windows;

/// <summary>An attack laid over benign traffic, which is played again and again for as long as the attack goes on.</summary>
internal sealed class Overlay : IPacketSource
{
    /// <summary>When the benign traffic begins; any time does.</summary>
    public const long Begin = 1_700_000_000_000_000_000;

    private const long Second = 1_000_000_000;

    // Time to learn who talks to whom, as the new-destination rule wants it.
    private const long Lead = 70 * Second;
    private const long Tail = 30 * Second;

    // Sixty windows of an attack say as much as all of a slow one would.
    private const long MostAttack = 600 * Second;

    private readonly string _bedPath;
    private readonly CaptureShape _bedShape;
    private readonly CaptureFile _attack;
    private readonly TimeWindow _window;
    private readonly Tempo _tempo;
    private readonly PendingFrame _nextBed = new();
    private readonly PendingFrame _nextAttack = new();
    private readonly HashSet<long> _attacked = [];
    private CaptureFile _bed;
    private PendingFrame? _given;
    private long _round;
    private long _attackIndex;
    private long _attackEnd = Begin + Lead;
    private bool _isHalted;

    public Overlay(string bedPath, CaptureShape bedShape, string attackPath, TimeWindow window, Tempo tempo)
    {
        _bedPath = bedPath;
        _bedShape = bedShape;
        _attack = new CaptureFile(attackPath);
        _window = window;
        _tempo = tempo;
        _bed = new CaptureFile(bedPath);
        ReadBed();
        ReadAttack();
    }

    /// <summary>Ten-second windows that a packet of the attack was in.</summary>
    public IReadOnlySet<long> AttackedWindows => _attacked;

    public long Now { get; private set; } = Begin;

    public long DroppedCount => 0;

    public CaptureFault? Fault => null;

    public ReadOutcome Read(out Frame frame)
    {
        Refill();
        frame = default;
        if (_isHalted || (_nextAttack.IsEmpty && (_nextBed.IsEmpty || _nextBed.Time > _attackEnd + Tail)))
        {
            return ReadOutcome.End;
        }

        _given = _nextAttack.Time <= _nextBed.Time ? _nextAttack : _nextBed;
        Now = Math.Max(Now, _given.Time);
        frame = _given.Frame;
        if (_given == _nextAttack)
        {
            _attackEnd = Now;
            _attacked.Add(HostWindow.IndexOf(Now));
        }

        return ReadOutcome.Frame;
    }

    public ValueTask WaitAsync(CancellationToken token) => ValueTask.CompletedTask;

    public void Halt() => _isHalted = true;

    public void Dispose()
    {
        _attack.Dispose();
        _bed.Dispose();
    }

    // Only now: the bytes of the frame that was given last had to stay.
    private void Refill()
    {
        if (_given == _nextBed)
        {
            ReadBed();
        }
        else if (_given == _nextAttack)
        {
            ReadAttack();
        }
    }

    private void ReadBed()
    {
        _nextBed.Clear();
        if (_bed.Read(out var frame) != ReadOutcome.Frame)
        {
            _bed.Dispose();
            _bed = new CaptureFile(_bedPath);
            _round++;
            if (_bed.Read(out frame) != ReadOutcome.Frame)
            {
                return;
            }
        }

        var roundLength = _bedShape.End - _bedShape.Start + Second;
        _nextBed.Set(frame, Begin + (_round * roundLength) + (frame.Time - _bedShape.Start));
    }

    private void ReadAttack()
    {
        _nextAttack.Clear();
        while (_attack.Read(out var frame) == ReadOutcome.Frame)
        {
            if (frame.Time < _window.Start || frame.Time > _window.End)
            {
                continue;
            }

            var after = _tempo.Of(_attackIndex++, frame.Time);
            if (after <= MostAttack)
            {
                _nextAttack.Set(frame, Begin + Lead + after);
            }

            return;
        }
    }
}
