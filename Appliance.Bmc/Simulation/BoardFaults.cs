namespace Appliance.Bmc.Simulation;

/// <summary>What goes wrong on a simulated board, on demand; may be changed while it runs. What is counted or set to a byte happens once.</summary>
public sealed class BoardFaults
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _speaks = Spoken();
    private long? _dropUploadAt;
    private long? _stallUploadAt;
    private long? _killWriteAt;
    private long? _killVerifyAt;
    private int _flashesUntilKill;
    private int _usbFailures;
    private int _verifyFailures;
    private int _firmwareFailures;

    /// <summary>The connection of an upload breaks when this many bytes of the file have come; at its length, before the answer.</summary>
    public long? DropUploadAt { get => Get(ref _dropUploadAt); set => Set(ref _dropUploadAt, value); }

    /// <summary>From that byte on the board takes nothing more of the upload, and keeps the connection.</summary>
    public long? StallUploadAt { get => Get(ref _stallUploadAt); set => Set(ref _stallUploadAt, value); }

    /// <summary>The kernel kills the daemon when this many bytes of a flash are on the module; at 0, when the first are to be written.</summary>
    public long? KillWriteAt { get => Get(ref _killWriteAt); set => Set(ref _killWriteAt, value); }

    /// <summary>The same when this many bytes were read back.</summary>
    public long? KillVerifyAt { get => Get(ref _killVerifyAt); set => Set(ref _killVerifyAt, value); }

    /// <summary>The same at the end of so many flashes from now, 0 for never; boards in the field do so after about six.</summary>
    public int KillAfterFlashes { get => Get(ref _flashesUntilKill); set => Set(ref _flashesUntilKill, value); }

    /// <summary>How long a killed daemon stays away. Nothing on the board starts it again; somebody does.</summary>
    public TimeSpan DeadTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>When the daemon restarts by itself, once, counted from the board's start; looked at when it starts.</summary>
    public TimeSpan? RestartAfter { get; set; }

    /// <summary>How fast a module is written and read back; null is as fast as it goes.</summary>
    public long? FlashBytesPerSecond { get; set; }

    /// <summary>So many attempts from now find no USB device in the slot.</summary>
    public int UsbFailures { get => Get(ref _usbFailures); set => Set(ref _usbFailures, value); }

    /// <summary>So many read-backs from now find other bytes than were sent.</summary>
    public int VerifyFailures { get => Get(ref _verifyFailures); set => Set(ref _verifyFailures, value); }

    /// <summary>So many firmware updates from now are refused by the program that installs them.</summary>
    public int FirmwareFailures { get => Get(ref _firmwareFailures); set => Set(ref _firmwareFailures, value); }

    /// <summary>The board takes connections and says nothing, not even in TLS.</summary>
    public bool Silent
    {
        get => !Read(() => _speaks).Task.IsCompleted;
        set
        {
            lock (_gate)
            {
                _speaks.TrySetResult();
                _speaks = value ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : Spoken();
            }
        }
    }

    /// <summary>The firmware's own log-in, root and "turing", is taken beside the board's.</summary>
    public bool DefaultPassword { get; set; }

    /// <summary>The board has made its certificate more than 30 days ago; looked at when it starts.</summary>
    public bool ExpiredCertificate { get; set; }

    /// <summary>Ends when the board speaks, at once unless it is silent.</summary>
    internal Task SpeaksAsync(CancellationToken token) => Read(() => _speaks).Task.WaitAsync(token);

    internal bool TakesUsbFailure() => Counts(ref _usbFailures);

    internal bool TakesVerifyFailure() => Counts(ref _verifyFailures);

    internal bool TakesFirmwareFailure() => Counts(ref _firmwareFailures);

    /// <summary>True for the last flash before a kill.</summary>
    internal bool TakesKillAfterFlash() => Counts(ref _flashesUntilKill) && KillAfterFlashes == 0;

    internal bool TakesKillWrite(long written) => Reaches(ref _killWriteAt, written);

    internal bool TakesKillVerify(long read) => Reaches(ref _killVerifyAt, read);

    internal bool TakesDrop(long received) => Reaches(ref _dropUploadAt, received);

    internal bool TakesStall(long received) => Reaches(ref _stallUploadAt, received);

    /// <summary>How many of these bytes may pass before the nearer of two marks.</summary>
    internal static int Until(long? mark, long? other, long position, int count)
    {
        var nearest = Math.Min(mark ?? long.MaxValue, other ?? long.MaxValue);
        return nearest > position ? (int)Math.Min(count, nearest - position) : count;
    }

    private static TaskCompletionSource Spoken()
    {
        var spoken = new TaskCompletionSource();
        spoken.SetResult();
        return spoken;
    }

    private bool Counts(ref int left)
    {
        lock (_gate)
        {
            return left > 0 && left-- > 0;
        }
    }

    private bool Reaches(ref long? mark, long position)
    {
        lock (_gate)
        {
            if (mark is not { } at || position < at)
            {
                return false;
            }

            mark = null;
            return true;
        }
    }

    private T Get<T>(ref T field)
    {
        lock (_gate)
        {
            return field;
        }
    }

    private void Set<T>(ref T field, T value)
    {
        lock (_gate)
        {
            field = value;
        }
    }

    private T Read<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }
}
