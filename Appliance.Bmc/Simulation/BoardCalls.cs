using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Appliance.Bmc.Simulation;

/// <summary>What concerns the board as a whole: versions, storage, fan, network, restart.</summary>
internal sealed class BoardCalls(BoardHardware hardware, BoardProfile profile, TimeProvider clock, Action<Interruption> interrupt)
{
    private const string HostName = "turingpi";

    // The BMC's NAND overlay, as the board's own `info` shows it on a fresh board.
    private const long StorageBytes = 91_004_928;
    private const long FreeBytes = 87_715_840;

    public void Register(CallTable table)
    {
        table.OnGet("about", _ => BoardAnswer.Result(Versions(profile.About)));
        table.OnGet("other", _ => Other());
        table.OnGet("info", _ => Facts());
        table.OnGet("sdcard", _ => SdCard());
        table.OnSet("sdcard", _ => BoardAnswer.Refusal(
            StatusCodes.Status501NotImplemented,
            "microSD card formatting is not implemented"));
        table.OnGet("cooling", _ => Cooling());
        table.OnSet("cooling", SetCooling);
        table.OnSet("network", _ => Interrupt(Interruption.NetworkReset));
        table.OnSet("reload", _ => Interrupt(Interruption.Reload));
        table.OnSet("reboot", _ => Interrupt(Interruption.Reboot));
    }

    public BoardAnswer Other() => BoardAnswer.Result(new JsonArray(Versions(profile.Other)));

    /// <summary>The overlay as an archive; a real one holds password hashes and the TLS key.</summary>
    public BoardAnswer Backup()
    {
        using var archive = new MemoryStream();
        using (var gzip = new GZipStream(archive, CompressionLevel.SmallestSize, leaveOpen: true))
        using (var tar = new TarWriter(gzip, TarEntryFormat.Ustar, leaveOpen: true))
        {
            using var content = new MemoryStream(Encoding.ASCII.GetBytes(HostName + "\n"));
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "etc/hostname") { DataStream = content });
        }

        var day = clock.GetUtcNow().ToString("dd-MM-yyyy", CultureInfo.InvariantCulture);
        return new BoardAnswer(StatusCodes.Status200OK, "application/gzip", archive.ToArray())
        {
            Headers = [("Content-Disposition", $"attachment; filename=\"tp2-backup-{day}.tar.gz\"")],
        };
    }

    /// <summary>As the profile has it, but for firmware that was installed since.</summary>
    private JsonObject Versions(IReadOnlyList<KeyValuePair<string, string>> fields)
    {
        var firmware = hardware.Firmware;
        return new(fields.Select(field => KeyValuePair.Create<string, JsonNode?>(
            field.Key,
            field.Key == profile.FirmwareKey && firmware is not null ? firmware : field.Value)));
    }

    private static JsonObject Volume(string name, long total, long free) =>
        new() { ["name"] = name, ["total_bytes"] = total, ["bytes_free"] = free };

    private BoardAnswer Facts()
    {
        var storage = new JsonArray(Volume("BMC", StorageBytes, FreeBytes));
        if (hardware.SdCardBytes > 0)
        {
            storage.Add(Volume("SD card", hardware.SdCardBytes, hardware.SdCardBytes));
        }

        return BoardAnswer.Result(new JsonObject
        {
            ["ip"] = new JsonArray(new JsonObject { ["device"] = "br0", ["ip"] = profile.NetworkAddress, ["mac"] = profile.MacAddress }),
            ["storage"] = storage,
        });
    }

    private BoardAnswer SdCard() => hardware.SdCardBytes == 0
        ? BoardAnswer.BadRequest("Failed to get microSD card info: {}")
        : BoardAnswer.Result(new JsonArray(new JsonObject
        {
            ["total"] = hardware.SdCardBytes,
            ["use"] = 0,
            ["free"] = hardware.SdCardBytes,
        }));

    private BoardAnswer Cooling() => BoardAnswer.Result(profile.CoolingDevice is null ? [] : new JsonArray(new JsonObject
    {
        ["device"] = profile.CoolingDevice,
        ["speed"] = hardware.Stored().FanSpeed,
        ["max_speed"] = profile.MaxFanSpeed,
    }));

    private BoardAnswer SetCooling(BoardQuery query)
    {
        if (query["device"] is not { } device)
        {
            return BoardAnswer.BadRequest("Missing `device` parameter");
        }

        if (query["speed"] is not { } text)
        {
            return BoardAnswer.BadRequest("Missing `speed` parameter");
        }

        if (!uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var speed))
        {
            return BoardAnswer.BadRequest("`speed` parameter is not a number");
        }

        if (device != profile.CoolingDevice)
        {
            return CoolingFault($"cooling device: `{device}` does not exist");
        }

        if (speed > profile.MaxFanSpeed)
        {
            return CoolingFault($"given speed '{speed}' exceeds maximum speed of '{profile.MaxFanSpeed}'");
        }

        hardware.Change(record => record with { FanSpeed = (int)speed });
        return BoardAnswer.Ok();
    }

    private static BoardAnswer CoolingFault(string cause) =>
        BoardAnswer.Refusal(StatusCodes.Status500InternalServerError, $"Failed to set Cooling state: {cause}");

    private BoardAnswer Interrupt(Interruption interruption)
    {
        interrupt(interruption);
        return BoardAnswer.Ok();
    }
}
