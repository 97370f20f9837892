using System.Runtime.CompilerServices;
using System.Text.Json;
using Appliance.Bmc.Board;
using Appliance.Bmc.NodeFiles;
using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Logging;

namespace Appliance.Bmc.Flashing;

/// <summary>The flashes as they stand: on disk at each change of state, in memory as bytes go by, told to whoever watches.</summary>
internal sealed partial class FlashJournal
{
    public const string FileName = "flashes.json";

    private const int Kept = 20;

    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly NodeFileShelf _nodeFiles;
    private readonly Lock _gate = new();
    private FlashBook _book;
    private TaskCompletionSource _changed = NewSignal();

    public FlashJournal(NodePaths paths, TimeProvider clock, ILogger<FlashJournal> logger)
        : this(Path.Combine(paths.State, FileName), clock, logger)
    {
    }

    public FlashJournal(string path, TimeProvider clock, ILogger<FlashJournal> logger)
    {
        (_path, _clock, _logger) = (path, clock, logger);
        _nodeFiles = new NodeFileShelf(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, NodeFileShelf.FolderName));
        _book = Read();
        ForgetNodeFiles();
    }

    /// <summary>The job that is not done; null when there is none.</summary>
    public Flash? Active => Read(book => book.Flashes.LastOrDefault(flash => !flash.HasEnded));

    /// <summary>The image that the slot was last proven to run; null when none was.</summary>
    public LastGoodImage? LastGood(int slot) => Read(book => book.LastGood.FirstOrDefault(good => good.Slot == slot));

    public bool IsLastGood(string imageId) => Read(book => book.LastGood.Any(good => good.ImageId == imageId));

    /// <summary>The job that a request was answered with; null when there was no such request.</summary>
    public Flash? OfRequest(string requestId) =>
        requestId.Length == 0 ? null : Read(book => book.Flashes.LastOrDefault(flash => flash.RequestId == requestId));

    /// <summary>By its id, and the newest for an empty one.</summary>
    public Flash Find(string id) =>
        Read(book => book.Flashes.LastOrDefault(flash => id.Length == 0 || flash.Id == id)) ?? throw new NotFoundException("flash", id);

    /// <summary>What is to be laid over the image for that slot of the job that is not done; null where nothing is.</summary>
    public NodeFileContent? NodeFile(int slot) => Active is { } flash && flash.Of(slot).Node.Length > 0 ? _nodeFiles.Find(flash.Id, slot) : null;

    /// <summary>With which the slot became the node that it was last proven to be, its tokens used up; null where none is kept.</summary>
    public NodeFileContent? UsedNodeFile(int slot) => LastGood(slot) is { Node.Length: > 0 } ? _nodeFiles.FindUsed(slot) : null;

    /// <summary>Throws when there is a job that is not done.</summary>
    public void CheckIdle()
    {
        if (Active is { } other)
        {
            throw new BusyException(
                "FLASH_IN_PROGRESS",
                $"Flash {other.Id} by {other.Caller} is not done, it is at slot {other.Slot}; a board flashes one slot at a time. Wait for it or cancel it.");
        }
    }

    /// <summary>Takes a new job, durably; throws when there is one that is not done.</summary>
    public Flash Add(FlashOrder order, string caller, long bytes)
    {
        var results = order.Slots.Select(slot => Begun(slot, order.NodeFiles.GetValueOrDefault(slot))).ToList();
        var flash = new Flash(Guid.NewGuid().ToString("N")[..12], order.RequestId, caller, order.ImageId, _clock.GetUtcNow(), results)
        {
            ContinueAfterFailure = order.ContinueAfterFailure,
            ProofText = order.ProofText,
            Slot = results[0].Number,
            TotalBytes = bytes,
        };
        lock (_gate)
        {
            CheckIdle();
            var book = _book with { Flashes = [.. _book.Flashes.TakeLast(Kept - 1), flash] };
            if ((TryPut(flash.Id, order) ?? TrySave(book)) is { } fault)
            {
                ForgetNodeFiles();
                throw new LimitExceededException("FLASH_NOT_WRITTEN", $"{_path} can't be written: {fault} Look for space and health of the disk.");
            }

            _book = book;
        }

        Tell();
        return flash;
    }

    /// <summary>
    /// Changes the job that is not done. What the disk does not take is held in memory, since half a flash is worse than
    /// one that begins again after a restart.
    /// </summary>
    public Flash Change(Func<Flash, Flash> change) => Change(change, good: null);

    /// <summary>The same, together with what its slot is now proven to run.</summary>
    public Flash Change(Func<Flash, Flash> change, LastGoodImage? good)
    {
        Flash changed;
        lock (_gate)
        {
            changed = Replace(change, out var book);
            _book = good is null ? book : book with { LastGood = [.. book.LastGood.Where(other => other.Slot != good.Slot), good] };
            if (TrySave(_book) is { } fault)
            {
                LogNotWritten(_path, fault);
            }

            KeepNodeFile(changed, good);
            ForgetNodeFiles();
        }

        Tell();
        return changed;
    }

    /// <summary>Notes how far the bytes are, in memory: after a restart they begin again anyway.</summary>
    public void Progress(long written, long verified)
    {
        bool tells;
        lock (_gate)
        {
            // The last bytes can be told after the job was ended by a cancel.
            if (Active is not { } before)
            {
                return;
            }

            var after = Replace(flash => flash with { WrittenBytes = written, VerifiedBytes = verified }, out _book);
            tells = Percent(before) != Percent(after);
        }

        if (tells)
        {
            Tell();
        }
    }

    /// <summary>The job as it is, then every change until it has ended; a slow reader skips those between.</summary>
    public async IAsyncEnumerable<Flash> WatchAsync(string id, [EnumeratorCancellation] CancellationToken token)
    {
        id = Find(id).Id;
        Flash? last = null;
        while (last is not { HasEnded: true })
        {
            var changed = Read(_ => _changed).Task;
            var now = Find(id);
            if (now != last)
            {
                yield return last = now;
                continue;
            }

            await changed.WaitAsync(token);
        }
    }

    private static (long, long) Percent(Flash flash) => flash.TotalBytes == 0
        ? default
        : (flash.WrittenBytes * 100 / flash.TotalBytes, flash.VerifiedBytes * 100 / flash.TotalBytes);

    private Flash Replace(Func<Flash, Flash> change, out FlashBook book)
    {
        var before = Active ?? throw new InvalidOperationException("No flash is under way.");
        var after = change(before);
        book = _book with { Flashes = [.. _book.Flashes.Select(flash => flash.Id == before.Id ? after : flash)] };
        return after;
    }

    private FlashBook Read()
    {
        if (!File.Exists(_path))
        {
            return FlashBook.Empty;
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(_path), FlashJson.Default.FlashBook) is { Flashes: not null, LastGood: not null } book ? book : FlashBook.Empty;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            LogDamaged(_path, error.Message);
            return FlashBook.Empty;
        }
    }

    /// <summary>Null when it is on disk.</summary>
    private string? TrySave(FlashBook book)
    {
        try
        {
            DurableFile.Replace(_path, JsonSerializer.SerializeToUtf8Bytes(book, FlashJson.Default.FlashBook));
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.Message;
        }
    }

    // Before the job itself, so that no job is without what it needs.
    private string? TryPut(string flash, FlashOrder order)
    {
        try
        {
            foreach (var (slot, file) in order.NodeFiles)
            {
                _nodeFiles.Put(flash, slot.Number, file);
            }

            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.Message;
        }
    }

    // Without it recovery does not reflash the slot, and nothing else is lost.
    private void KeepNodeFile(Flash flash, LastGoodImage? good)
    {
        if (good is not null)
        {
            Try(() => _nodeFiles.KeepUsed(flash.Id, good.Slot));
        }
    }

    private void ForgetNodeFiles() => Try(() => _nodeFiles.KeepOnly(Active, _book.LastGood));

    private void Try(Action move)
    {
        try
        {
            move();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogKept(_path, error.Message);
        }
    }

    private static SlotFlash Begun(SlotNumber slot, NodeFileContent? file) => new(slot.Number, FlashState.Preparing)
    {
        Node = file?.Name ?? "",
        KeepsNodeFile = file is { Role: not Role.Router },
    };

    private T Read<T>(Func<FlashBook, T> read)
    {
        lock (_gate)
        {
            return read(_book);
        }
    }

    private void Tell()
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            changed = _changed;
            _changed = NewSignal();
        }

        changed.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} cannot be read, so earlier flashes are forgotten: {Fault}")]
    private partial void LogDamaged(string path, string fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "Node files beside {Path} cannot be moved or deleted, though they may hold secrets: {Fault}")]
    private partial void LogKept(string path, string fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} cannot be written, so after a restart the flash begins again from an older state: {Fault}")]
    private partial void LogNotWritten(string path, string fault);
}
