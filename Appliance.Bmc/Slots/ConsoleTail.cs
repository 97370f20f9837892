using System.Text;
using System.Threading.Channels;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Slots;

/// <summary>The last output of one slot's console, and whoever follows it.</summary>
internal sealed class ConsoleTail
{
    // Four times what the board holds: enough for a whole boot, and 128 KiB of memory a slot.
    private const int Kept = 4 * ConsoleDiff.Held;

    // At 115 200 baud a second has at most 11.5 KB; who is a minute behind reads no more.
    private const int Backlog = 64;

    private const int LongestLine = 1024;

    private readonly Lock _gate = new();
    private readonly ConsoleDiff _diff = new();
    private readonly StringBuilder _history = new();
    private readonly HashSet<Channel<ConsoleOutput>> _watchers = [];
    private string _line = "";
    private bool _hasRead;
    private long _written;

    public ConsoleSigns Signs { get; private set; } = new();

    public bool IsWatched
    {
        get
        {
            lock (_gate)
            {
                return _watchers.Count > 0;
            }
        }
    }

    /// <summary>All that is held.</summary>
    public string History
    {
        get
        {
            lock (_gate)
            {
                return _history.ToString();
            }
        }
    }

    /// <summary>How many characters it has printed so far.</summary>
    public long Written
    {
        get
        {
            lock (_gate)
            {
                return _written;
            }
        }
    }

    /// <summary>What is held of the output from that many characters on.</summary>
    public string Since(long position)
    {
        lock (_gate)
        {
            var start = Math.Max(0, position - (_written - _history.Length));
            return start >= _history.Length ? "" : _history.ToString((int)start, _history.Length - (int)start);
        }
    }

    /// <summary>Takes a reading of the board, and passes on what is new in it. A watcher that does not keep up is cut off.</summary>
    public void Take(string read, bool consumes, DateTimeOffset time)
    {
        lock (_gate)
        {
            var output = _diff.Take(read, consumes);
            var isOld = !_hasRead;
            _hasRead = true;
            if (output.Text.Length == 0)
            {
                return;
            }

            _history.Append(output.Text);
            _written += output.Text.Length;
            _history.Remove(0, Math.Max(0, _history.Length - Kept));
            Look(output.Text, time, isOld);
            Send(output);
        }
    }

    /// <summary>What is held, and what comes from then on.</summary>
    public (string History, Channel<ConsoleOutput> Changes) Join()
    {
        // Wait mode, so that a full channel refuses and its reader can be told.
        var changes = Channel.CreateBounded<ConsoleOutput>(new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
        lock (_gate)
        {
            _watchers.Add(changes);
            return (_history.ToString(), changes);
        }
    }

    public void Leave(Channel<ConsoleOutput> changes)
    {
        lock (_gate)
        {
            _watchers.Remove(changes);
        }
    }

    private void Look(string text, DateTimeOffset time, bool isOld)
    {
        var signs = isOld ? Signs : Signs with { LastOutput = time };
        var lines = (_line + text).Split('\n');
        foreach (var line in lines[..^1])
        {
            signs = signs.With(line, time, isOld);
        }

        // A line without an end, such as binary noise, is not kept for ever.
        _line = lines[^1].Length > LongestLine ? "" : lines[^1];
        Signs = signs;
    }

    private void Send(ConsoleOutput output)
    {
        foreach (var watcher in _watchers.Where(watcher => !watcher.Writer.TryWrite(output)).ToList())
        {
            _watchers.Remove(watcher);
            watcher.Writer.TryComplete(new LimitExceededException("SLOW_READER", $"The reader was {Backlog} pieces of output behind; watch again for what is still held."));
        }
    }
}
