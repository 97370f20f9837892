using Appliance.Bmc.Board;

namespace Appliance.Bmc.Slots;

/// <summary>What other work of this role knows of the slots that neither board nor node can tell: a flash, a quarantine, a start that was ordered.</summary>
internal sealed class SlotMarks(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly SlotMark?[] _flashing = new SlotMark?[SlotNumber.Last];
    private readonly SlotMark?[] _quarantined = new SlotMark?[SlotNumber.Last];
    private readonly string[] _refusals = ["", "", "", ""];
    private readonly ConsoleSigns[] _consoles = [new(), new(), new(), new()];
    private readonly DateTimeOffset?[] _started = new DateTimeOffset?[SlotNumber.Last];
    private string? _occupation;

    /// <summary>What keeps the board from answering anything else, such as an upload; null when nothing does. It is not asked meanwhile.</summary>
    public string? Occupation
    {
        get
        {
            lock (_gate)
            {
                return _occupation;
            }
        }
    }

    /// <summary>The mark that counts; null without any. A flash goes before a quarantine.</summary>
    public SlotMark? Of(SlotNumber slot)
    {
        lock (_gate)
        {
            return _flashing[slot.Index] ?? _quarantined[slot.Index];
        }
    }

    /// <summary>When its node was last made to start again by an order of ours.</summary>
    public DateTimeOffset? StartOf(SlotNumber slot)
    {
        lock (_gate)
        {
            return _started[slot.Index];
        }
    }

    /// <summary>What its console has shown.</summary>
    public ConsoleSigns ConsoleOf(SlotNumber slot)
    {
        lock (_gate)
        {
            return _consoles[slot.Index];
        }
    }

    /// <summary>Why the board would not write the slot's flash the last time; empty where it did, or was not asked.</summary>
    public string RefusalOf(SlotNumber slot)
    {
        lock (_gate)
        {
            return _refusals[slot.Index];
        }
    }

    public void NoteConsole(SlotNumber slot, ConsoleSigns signs) => Change(() => _consoles[slot.Index] = signs);

    /// <summary>Keeps, in a sentence, that the board found no module that it can write; empty takes it back.</summary>
    public void NoteRefusal(SlotNumber slot, string text) => Change(() => _refusals[slot.Index] = text);

    /// <summary>Says, until disposed, that the slot's flash is being written.</summary>
    public IDisposable Flash(SlotNumber slot, string text)
    {
        lock (_gate)
        {
            _flashing[slot.Index] = new SlotMark(SlotState.Flashing, text);
        }

        return new Ending(() => Change(() => _flashing[slot.Index] = null));
    }

    /// <summary>Says, until disposed, that the board answers nothing else.</summary>
    public IDisposable Occupy(string text)
    {
        Change(() => _occupation = text);
        return new Ending(() => Change(() => _occupation = null));
    }

    /// <summary>Sets the slot aside until <see cref="Release"/>.</summary>
    public void Quarantine(SlotNumber slot, string reason) => Change(() => _quarantined[slot.Index] = new SlotMark(SlotState.Quarantined, reason));

    public void Release(SlotNumber slot) => Change(() => _quarantined[slot.Index] = null);

    /// <summary>Says that the slot's node starts from now on, though the board's clock of it may not show that.</summary>
    public void NoteStart(SlotNumber slot) => Change(() => _started[slot.Index] = clock.GetUtcNow());

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
        }
    }

    private sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
