using Appliance.Bmc.Flashing;
using Appliance.Bmc.Images;
using Appliance.Bmc.Slots;
using Appliance.Protos.Bmc.V1;
using Grpc.Core;

namespace Appliance.Bmc;

/// <summary>BmcService: each call is answered by the folder that it is about.</summary>
internal sealed class BmcGrpcService(BoardWire board, SlotWire slots, ConsoleWire consoles, ImageWire images, FlashWire flashes) : BmcService.BmcServiceBase
{
    public override Task<GetBoardResponse> GetBoard(GetBoardRequest request, ServerCallContext context) => board.GetBoard(request, context);

    public override Task<ListSlotsResponse> ListSlots(ListSlotsRequest request, ServerCallContext context) => slots.ListSlots(request, context);

    public override Task<GetSlotResponse> GetSlot(GetSlotRequest request, ServerCallContext context) => slots.GetSlot(request, context);

    public override Task<PowerOnSlotResponse> PowerOnSlot(PowerOnSlotRequest request, ServerCallContext context) => slots.PowerOnSlot(request, context);

    public override Task<PowerOffSlotResponse> PowerOffSlot(PowerOffSlotRequest request, ServerCallContext context) => slots.PowerOffSlot(request, context);

    public override Task<RestartSlotResponse> RestartSlot(RestartSlotRequest request, ServerCallContext context) => slots.RestartSlot(request, context);

    public override Task<CycleSlotResponse> CycleSlot(CycleSlotRequest request, ServerCallContext context) => slots.CycleSlot(request, context);

    public override Task WatchHealth(WatchHealthRequest request, IServerStreamWriter<WatchHealthResponse> responseStream, ServerCallContext context) =>
        slots.WatchHealth(request, responseStream, context);

    public override Task<SetFanResponse> SetFan(SetFanRequest request, ServerCallContext context) => board.SetFan(request, context);

    public override Task<SelectUsbResponse> SelectUsb(SelectUsbRequest request, ServerCallContext context) => board.SelectUsb(request, context);

    public override Task WatchConsole(WatchConsoleRequest request, IServerStreamWriter<WatchConsoleResponse> responseStream, ServerCallContext context) =>
        consoles.WatchConsole(request, responseStream, context);

    public override Task<WriteConsoleResponse> WriteConsole(WriteConsoleRequest request, ServerCallContext context) => consoles.WriteConsole(request, context);

    public override Task<UploadImageResponse> UploadImage(IAsyncStreamReader<UploadImageRequest> requestStream, ServerCallContext context) =>
        images.UploadImage(requestStream, context);

    public override Task<ListImagesResponse> ListImages(ListImagesRequest request, ServerCallContext context) => images.ListImages(request, context);

    public override Task<DeleteImageResponse> DeleteImage(DeleteImageRequest request, ServerCallContext context) => images.DeleteImage(request, context);

    public override Task<StartFlashResponse> StartFlash(StartFlashRequest request, ServerCallContext context) => flashes.StartFlash(request, context);

    public override Task<GetFlashResponse> GetFlash(GetFlashRequest request, ServerCallContext context) => flashes.GetFlash(request, context);

    public override Task WatchFlash(WatchFlashRequest request, IServerStreamWriter<WatchFlashResponse> responseStream, ServerCallContext context) =>
        flashes.WatchFlash(request, responseStream, context);

    public override Task<CancelFlashResponse> CancelFlash(CancelFlashRequest request, ServerCallContext context) => flashes.CancelFlash(request, context);
}
