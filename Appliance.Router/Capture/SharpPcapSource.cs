using SharpPcap;

namespace Appliance.Router.Capture;

/// <summary>Frames of a network interface by way of libpcap, for where the kernel's ring cannot be had.</summary>
/// <remarks>libpcap's buffer is the only queue: what does not fit is counted by the kernel.</remarks>
internal sealed class SharpPcapSource : ILiveSource
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(100);

    // As of PacketRing, whose blocks come to their reader in the same way.
    private static readonly TimeSpan Lag = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxDrain = TimeSpan.FromSeconds(1);

    private readonly string _name;
    private readonly TimeProvider _clock;
    private readonly PolledDevice? _device;
    private readonly LinkType _link;
    private readonly long _nanosecondsPerTick;
    private long _latest;
    private long _haltStamp;
    private volatile bool _isHalted;

    /// <param name="name">The interface, or another name that libpcap knows, such as "any".</param>
    /// <param name="options">What to watch, and how.</param>
    /// <param name="snapLength">Bytes of each frame that are wanted; 0 for all.</param>
    /// <param name="weakness">Why it is this way and not the ring's; null where it was asked for.</param>
    /// <param name="clock">The wall clock.</param>
    public SharpPcapSource(string name, CaptureOptions options, int snapLength, string? weakness, TimeProvider clock)
    {
        _name = name;
        _clock = clock;
        Weakness = weakness;
        _device = PolledDevice.TryOpen(name, options, snapLength, out var error);
        if (_device is null)
        {
            Fault = Failed(error);
            return;
        }

        _link = LinkTypes.From((int)_device.LinkType);
        _nanosecondsPerTick = _device.TimestampResolution == TimestampResolution.Nanosecond ? 1 : 1000;
        if (options.Filter.Length > 0)
        {
            SetFilter(options.Filter);
        }
    }

    /// <summary>Frames given out.</summary>
    public long ReadCount { get; private set; }

    /// <summary>Frames that the kernel has taken for this source and not dropped.</summary>
    public long KeptCount => _device?.ReadCounts().Kept ?? 0;

    public long DroppedCount => _device?.ReadCounts().Dropped ?? 0;

    public long KernelCount => KeptCount + DroppedCount;

    /// <summary>Always: libpcap waits until an interface that went down is up again, and does not tell (1.10.3).</summary>
    public bool IsUp => true;

    public Action? LinkChanged { get; set; }

    public CaptureFault? Fault { get; private set; }

    public string? Weakness { get; }

    public long Now
    {
        get
        {
            var wall = (_clock.GetUtcNow() - Lag - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
            return Math.Max(_latest, wall);
        }
    }

    public unsafe ReadOutcome Read(out Frame frame)
    {
        frame = default;
        if (_device is null || Fault is not null)
        {
            return ReadOutcome.End;
        }

        nint header = 0, bytes = 0;
        var got = _device.GetNextPacketPointers(ref header, ref bytes);
        if (got < 0)
        {
            Fault = Failed(_device.LastError.TrimEnd());
            return ReadOutcome.End;
        }

        if (got == 0)
        {
            return IsDrained() ? ReadOutcome.End : ReadOutcome.Idle;
        }

        var record = *(PcapRecordHeader*)header;
        var time = (record.Seconds * 1_000_000_000) + (record.Fraction * _nanosecondsPerTick);
        _latest = Math.Max(_latest, time);
        ReadCount++;
        frame = new Frame(new ReadOnlySpan<byte>((void*)bytes, (int)record.Captured), Math.Max(record.Length, record.Captured), time, _link);
        return ReadOutcome.Frame;
    }

    /// <summary>Waits in the kernel, so it belongs on a thread of its own.</summary>
    public ValueTask WaitAsync(CancellationToken token)
    {
        _device?.Wait(MaxWait);
        return ValueTask.CompletedTask;
    }

    public void Halt()
    {
        _device?.Stop();
        _haltStamp = _clock.GetTimestamp();
        _isHalted = true;
    }

    public void Dispose() => _device?.Dispose();

    private void SetFilter(string expression)
    {
        try
        {
            _device!.Filter = expression;
        }
        catch (PcapException refusal)
        {
            Fault = Failed($"filter '{expression}': {refusal.Message.TrimEnd()}");
        }
    }

    private bool IsDrained() =>
        _isHalted && (ReadCount >= KeptCount || _clock.GetElapsedTime(_haltStamp) > MaxDrain);

    private CaptureFault Failed(string reason) => new(CaptureFaultKind.InterfaceFailed, 0, 0, 0, $"{_name}: {reason}");
}
