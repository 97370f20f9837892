using System.Globalization;
using System.Text.Json;
using Appliance.Bmc.Board;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Logging;

namespace Appliance.Bmc.Recovery;

/// <summary>Policy, steps and quarantines on disk: a restart of this role forgets none of them, and buys no slot a new budget.</summary>
internal sealed partial class RecoveryJournal
{
    public const string FileName = "recovery.json";

    private readonly Lock _turn = new();
    private readonly string _path;
    private readonly ILogger _logger;
    private RecoveryBook _book;

    public RecoveryJournal(string folder, ILogger<RecoveryJournal> logger)
    {
        (_path, _logger) = (Path.Combine(folder, FileName), logger);
        _book = Read();
    }

    /// <summary>What was wrong with the file at the start; null when nothing was, or somebody has decided since how far recovery may go.</summary>
    public string? Fault { get; private set; }

    public RecoveryPolicy Policy => Book.Policy;

    /// <summary>Names the policy as it is.</summary>
    public string Etag => Book.Revision.ToString(CultureInfo.InvariantCulture);

    private RecoveryBook Book
    {
        get
        {
            lock (_turn)
            {
                return _book;
            }
        }
    }

    public SlotRecovery Of(SlotNumber slot) => Book.Slots[slot.Index];

    /// <summary>Durable when it returns; throws <see cref="BusyException"/> when that can't be had, and nothing has changed then.</summary>
    public SlotRecovery Change(SlotNumber slot, Func<SlotRecovery, SlotRecovery> change)
    {
        lock (_turn)
        {
            var changed = change(_book.Slots[slot.Index]);
            if (changed != _book.Slots[slot.Index])
            {
                Write(_book with { Slots = [.. _book.Slots.Select(one => one.Slot == slot.Number ? changed : one)] });
            }

            return changed;
        }
    }

    /// <summary>Takes another policy; an empty etag replaces whatever is there.</summary>
    public void Update(RecoveryPolicy policy, string etag)
    {
        lock (_turn)
        {
            if (etag.Length > 0 && etag != Etag)
            {
                throw new StaleEtagException($"The recovery policy was changed meanwhile: it is '{Etag}', yours was read as '{etag}'. Read it again.");
            }

            Write(_book with { Revision = _book.Revision + 1, Policy = policy });
            Fault = null;
        }
    }

    private static RecoveryBook Fresh(RecoveryPolicy policy) => new(1, policy, [.. SlotNumber.All.Select(slot => new SlotRecovery(slot.Number))]);

    private void Write(RecoveryBook book)
    {
        try
        {
            DurableFile.Replace(_path, JsonSerializer.SerializeToUtf8Bytes(book, RecoveryJson.Default.RecoveryBook));
            _book = book;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogNotWritten(_path, error.Message);
            throw new BusyException("RECOVERY_NOT_WRITABLE", $"Recovery can't be written down ({error.Message}), so nothing was changed; make room on the disk and try again.");
        }
    }

    private RecoveryBook Read()
    {
        if (!File.Exists(_path))
        {
            return Fresh(RecoveryPolicy.Default);
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(_path), RecoveryJson.Default.RecoveryBook) is { Policy: not null, Slots.Count: SlotNumber.Last } book
                ? book
                : throw new JsonException("it does not hold what it should.");
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            // Budgets and quarantines are lost with it, and a ladder without them could cut a node again and again.
            Fault = $"{_path} cannot be read: {error.Message} Recovery is disabled; look at the slots and update the policy.";
            LogNotRead(Fault);
            return Fresh(RecoveryPolicy.Default with { Disabled = true });
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Recovery can't be written to {Path}: {Reason} No step is taken.")]
    private partial void LogNotWritten(string path, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Fault}")]
    private partial void LogNotRead(string fault);
}
