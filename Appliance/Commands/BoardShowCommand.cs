using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Appliance.Hosting;
using Appliance.Protos.Bmc.V1;
using Grpc.Core;

namespace Appliance.Commands;

/// <summary>`appliance board show` and `fan`: the board's controller, through the bmc role or straight from here.</summary>
internal sealed class BoardShowCommand
{
    private const double Mebi = 1024 * 1024;

    private readonly SiteCommand _site = new(Role.Bmc);
    private readonly Argument<uint> _speed = new("PERCENT") { Description = "0 to 100, in the steps that the board has" };

    private BoardShowCommand()
    {
    }

    public static IEnumerable<Command> Create()
    {
        var commands = new BoardShowCommand();
        return
        [
            commands._site.New("show", "Versions, addresses, storage, certificate and fans of the board", [], ShowAsync),
            commands._site.New("fan", "Set the speed of the board's fan", [commands._speed], commands.SetFanAsync),
        ];
    }

    private static async Task<Action<TextWriter, OutputFormat>> ShowAsync(CallInvoker calls, ParseResult parsed, CallOptions options)
    {
        var board = (await new BmcService.BmcServiceClient(calls).GetBoardAsync(new GetBoardRequest(), options)).Board;
        return (output, format) => Print(output, format, board);
    }

    private async Task<Action<TextWriter, OutputFormat>> SetFanAsync(CallInvoker calls, ParseResult parsed, CallOptions options)
    {
        var client = new BmcService.BmcServiceClient(calls);
        await client.SetFanAsync(new SetFanRequest { SpeedPercent = parsed.GetValue(_speed) }, options);
        var board = (await client.GetBoardAsync(new GetBoardRequest(), options)).Board;
        return (output, format) => Print(output, format, board);
    }

    private static void Print(TextWriter output, OutputFormat format, Board board)
    {
        if (format == OutputFormat.Json)
        {
            output.WriteLine(Line(board));
            return;
        }

        output.WriteLine($"Board:        {SiteCommand.Text(board.Model)}{(board.Simulated ? ", simulated" : "")}{(board.Reachable ? "" : ", does not answer")}");
        output.WriteLine($"Daemon:       {SiteCommand.Text(board.DaemonVersion)}, firmware {SiteCommand.Text(board.FirmwareVersion)}, host name {SiteCommand.Text(board.HostName)}");
        foreach (var address in board.Addresses)
        {
            output.WriteLine($"Address:      {SiteCommand.Text(address.Address)} on {SiteCommand.Text(address.Device)}, {SiteCommand.Text(address.Mac)}");
        }

        foreach (var volume in board.Volumes)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Storage:      {SiteCommand.Text(volume.Name)}, {volume.FreeBytes / Mebi:0} of {volume.TotalBytes / Mebi:0} MiB free"));
        }

        if (!board.CertificateSha256.IsEmpty)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Certificate:  {Convert.ToHexString(board.CertificateSha256.Span)}, ends {board.CertificateExpireTime?.ToDateTime():yyyy-MM-dd}"));
        }

        foreach (var fan in board.Fans)
        {
            output.WriteLine($"Fan:          {SiteCommand.Text(fan.Device)} at step {fan.Step} of {fan.MaxStep}");
        }

        if (board.HasDefaultPassword)
        {
            output.WriteLine("The board still takes the password that it was made with; change it there (passwd on the board).");
        }
    }

    private static string Line(Board board) => JsonSerializer.Serialize(new
    {
        model = board.Model,
        daemon_version = board.DaemonVersion,
        firmware_version = board.FirmwareVersion,
        host_name = board.HostName,
        simulated = board.Simulated,
        reachable = board.Reachable,
        has_default_password = board.HasDefaultPassword,
        certificate_sha256 = Convert.ToHexStringLower(board.CertificateSha256.Span),
        certificate_expire_time = board.CertificateExpireTime?.ToDateTimeOffset(),
        addresses = board.Addresses.Select(address => new { device = address.Device, address = address.Address, mac = address.Mac }),
        volumes = board.Volumes.Select(volume => new { name = volume.Name, total_bytes = volume.TotalBytes, free_bytes = volume.FreeBytes }),
        fans = board.Fans.Select(fan => new { device = fan.Device, step = fan.Step, max_step = fan.MaxStep }),
    });
}
