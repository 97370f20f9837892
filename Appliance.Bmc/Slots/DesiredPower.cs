using System.Text.Json;
using Appliance.Bmc.Board;
using Appliance.Hosting.Configuration;
using Microsoft.Extensions.Logging;

namespace Appliance.Bmc.Slots;

/// <summary>Which slots are meant to be on, as it was last ordered here. The board keeps such a note of its own, and others write in that.</summary>
internal sealed partial class DesiredPower
{
    public const string FileName = "slots.json";

    private readonly Lock _gate = new();
    private readonly string? _path;
    private readonly ILogger _logger;
    private readonly bool?[] _on;

    /// <summary>Without a folder it is kept in memory alone.</summary>
    public DesiredPower(string? folder, ILogger<DesiredPower> logger)
    {
        (_path, _logger) = (folder is null ? null : Path.Combine(folder, FileName), logger);
        _on = Read();
    }

    /// <summary>Null while nothing was ordered of the slot.</summary>
    public bool? Of(SlotNumber slot)
    {
        lock (_gate)
        {
            return _on[slot.Index];
        }
    }

    /// <summary>Takes over what the board says of a slot of which nothing was ordered yet.</summary>
    public void Adopt(SlotNumber slot, bool on)
    {
        if (Of(slot) is null)
        {
            Set(slot, on);
        }
    }

    /// <summary>Durable when it returns, unless the disk refuses: an order is not refused for that.</summary>
    public void Set(SlotNumber slot, bool on)
    {
        lock (_gate)
        {
            if (_on[slot.Index] == on)
            {
                return;
            }

            _on[slot.Index] = on;
            if (_path is not null)
            {
                Write(_path);
            }
        }
    }

    private void Write(string path)
    {
        try
        {
            DurableFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(_on));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogNotWritten(path, error.Message);
        }
    }

    private bool?[] Read()
    {
        try
        {
            if (File.Exists(_path) && JsonSerializer.Deserialize<bool?[]>(File.ReadAllBytes(_path)) is { Length: SlotNumber.Last } read)
            {
                return read;
            }
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            LogNotRead(_path!, error.Message);
        }

        return new bool?[SlotNumber.Last];
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Which slots are meant to be on cannot be read from {Path}: {Reason} It is taken from the board.")]
    private partial void LogNotRead(string path, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Which slots are meant to be on cannot be written to {Path}: {Reason} After a restart a difference from the board is not told.")]
    private partial void LogNotWritten(string path, string reason);
}
