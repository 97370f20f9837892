namespace Appliance.Bmc.Simulation;

/// <summary>The daemon's state file: what is set counts at once, but is written some seconds later.</summary>
internal sealed class StateStore(BoardRecord first, TimeSpan delay, TimeProvider clock)
{
    private BoardRecord _written = first;
    private DateTimeOffset? _dirtySince;

    public BoardRecord Current { get; private set; } = first;

    public void Set(BoardRecord record)
    {
        WriteWhenDue();
        Current = record;
        _dirtySince ??= clock.GetUtcNow();
    }

    /// <summary>An orderly stop writes what is pending.</summary>
    public void Flush()
    {
        _written = Current;
        _dirtySince = null;
    }

    /// <summary>A kill or a power cut loses what was not written yet.</summary>
    public void Crash()
    {
        WriteWhenDue();
        Current = _written;
        _dirtySince = null;
    }

    private void WriteWhenDue()
    {
        if (_dirtySince is { } since && clock.GetUtcNow() - since >= delay)
        {
            Flush();
        }
    }
}
