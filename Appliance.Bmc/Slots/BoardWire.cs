using Appliance.Bmc.Board;
using Appliance.Hosting.Authorization;
using Appliance.Hosting.Errors;
using Appliance.Protos.Bmc.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mode = Appliance.Protos.Bmc.V1.SelectUsbRequest.Types.Mode;
using Route = Appliance.Bmc.Board.UsbRoute;
using Wire = Appliance.Protos.Bmc.V1;

namespace Appliance.Bmc.Slots;

/// <summary>The calls of BmcService about the board as a whole, and the form that it has on the wire.</summary>
internal sealed class BoardWire(IBoard board, SlotMonitor monitor, FanControl fans, UsbControl usb, BoardTarget target)
{
    public async Task<GetBoardResponse> GetBoard(GetBoardRequest request, ServerCallContext context) =>
        new() { Board = ToWire(await BoardReport.AskAsync(board, monitor, context.CancellationToken)) };

    public async Task<SetFanResponse> SetFan(SetFanRequest request, ServerCallContext context)
    {
        await fans.SetAsync(request.SpeedPercent, "speed_percent", context.CancellationToken);
        return new SetFanResponse();
    }

    public async Task<SelectUsbResponse> SelectUsb(SelectUsbRequest request, ServerCallContext context)
    {
        var slot = SlotNumber.From(request.SlotNumber, "slot_number");
        var route = new Route(slot, FromWire(request.Mode, "mode"), request.RouteToBmc);
        await usb.SelectAsync(route, new SlotOrder(slot, context.Caller().ToString()), context.CancellationToken);
        return new SelectUsbResponse();
    }

    private static UsbMode FromWire(Mode mode, string field) => mode switch
    {
        Mode.Host => UsbMode.Host,
        Mode.Device => UsbMode.Device,
        Mode.Flash => UsbMode.Flash,
        _ => throw new InvalidInputException(field, $"{mode} is not MODE_HOST, MODE_DEVICE or MODE_FLASH"),
    };

    private static Wire.UsbRoute ToWire(Route route) => new()
    {
        SlotNumber = (uint)route.Slot.Number,
        Mode = route.Mode switch
        {
            UsbMode.Host => Mode.Host,
            UsbMode.Device => Mode.Device,
            _ => Mode.Flash,
        },
        RoutedToBmc = route.ToBmc,
    };

    private Wire.Board ToWire(BoardReport report) => new()
    {
        CertificateSha256 = board.Standing.Certificate is { } shown ? ByteString.CopyFrom(Convert.FromHexString(shown.Fingerprint)) : ByteString.Empty,
        CertificateExpireTime = board.Standing.Certificate is { } certificate ? Timestamp.FromDateTimeOffset(certificate.End) : null,
        HasDefaultPassword = board.Standing.AcceptsDefaultPassword ?? false,
        // Boards say "v2.5.1", the contract "2.5.1".
        Model = report.Facts?.Revision.TrimStart('v') ?? "",
        DaemonVersion = report.Facts?.DaemonVersion ?? "",
        FirmwareVersion = report.Facts?.FirmwareVersion ?? "",
        HostName = report.Facts?.HostName ?? "",
        Simulated = target.Simulated,
        Reachable = report.Answers,
        Addresses = { report.Resources.Addresses.Select(one => new Wire.BoardAddress { Device = one.Device, Address = one.Address, Mac = one.Mac }) },
        Volumes = { report.Resources.Volumes.Select(one => new Wire.BoardVolume { Name = one.Name, TotalBytes = (ulong)one.TotalBytes, FreeBytes = (ulong)one.FreeBytes }) },
        Fans = { report.Fans.Select(fan => new Wire.Fan { Device = fan.Device, Step = (uint)fan.Speed, MaxStep = (uint)fan.MaxSpeed }) },
        UsbRoute = report.Usb is { } route ? ToWire(route) : null,
    };
}
