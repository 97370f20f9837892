using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Appliance.Bmc.Simulation;

/// <summary>What concerns the board as a whole: versions, storage, fan, network, restart.</summary>
internal sealed class BoardCalls(BoardHardware hardware, BoardProfile profile, TimeProvider clock, Action<TimeSpan> restart)
{
    private const string HostName = "turingpi";

    // An address of the documentation range (RFC 5737) and a locally administered MAC.
    private const string Address = "192.0.2.10";
    private const string MacAddress = "02:00:00:54:50:02";

    // The BMC's NAND overlay, as the board's own `info` shows it on a fresh board.
    private const long StorageBytes = 91_004_928;
    private const long FreeBytes = 87_715_840;

    // A daemon restart takes a moment; a reboot keeps the board dark for half a minute.
    private static readonly TimeSpan ReloadTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RebootTime = TimeSpan.FromSeconds(30);

    public void Register(CallTable table)
    {
        table.OnGet("about", _ => About());
        table.OnGet("other", _ => Other());
        table.OnGet("info", _ => Facts());
        table.OnGet("sdcard", _ => BoardAnswer.BadRequest("Failed to get microSD card info: {}"));
        table.OnSet("sdcard", _ => BoardAnswer.Refusal(
            StatusCodes.Status501NotImplemented,
            "microSD card formatting is not implemented"));
        table.OnGet("cooling", _ => Cooling());
        table.OnSet("cooling", SetCooling);
        table.OnSet("network", _ => BoardAnswer.Ok());
        table.OnSet("reload", _ => Restart(ReloadTime));
        table.OnSet("reboot", _ => Restart(RebootTime));
    }

    public BoardAnswer Other() => BoardAnswer.Result(new JsonArray(new JsonObject
    {
        ["api"] = profile.ApiVersion,
        ["buildroot"] = $"\"{profile.Buildroot}\"",
        ["buildtime"] = profile.BuildTime,
        ["ip"] = Address,
        ["mac"] = MacAddress,
        ["version"] = profile.FirmwareVersion,
    }));

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

    private BoardAnswer About() => BoardAnswer.Result(new JsonObject
    {
        ["api"] = profile.ApiVersion,
        ["bmcd_version"] = profile.Name,
        ["board_model"] = profile.BoardModel,
        ["board_revision"] = profile.BoardRevision,
        ["buildroot"] = profile.Buildroot,
        ["buildtime"] = profile.BuildTime,
        ["hostname"] = HostName,
        ["version"] = profile.FirmwareVersion,
    });

    private static BoardAnswer Facts() => BoardAnswer.Result(new JsonObject
    {
        ["ip"] = new JsonArray(new JsonObject { ["device"] = "br0", ["ip"] = Address, ["mac"] = MacAddress }),
        ["storage"] = new JsonArray(new JsonObject
        {
            ["name"] = "BMC",
            ["total_bytes"] = StorageBytes,
            ["bytes_free"] = FreeBytes,
        }),
    });

    private BoardAnswer Cooling() => BoardAnswer.Result(new JsonArray(new JsonObject
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

    private BoardAnswer Restart(TimeSpan dark)
    {
        restart(dark);
        return BoardAnswer.Ok();
    }
}
