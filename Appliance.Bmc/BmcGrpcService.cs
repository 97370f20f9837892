using Appliance.Bmc.Flashing;
using Appliance.Bmc.Images;
using Appliance.Bmc.Recovery;
using Appliance.Bmc.Slots;
using Appliance.Protos.Bmc.V1;
using Grpc.Core;

namespace Appliance.Bmc;

/// <summary>BmcService: each call is answered by the folder that it is about.</summary>
internal sealed class BmcGrpcService(SlotWires slots, ImageWire images, FlashWire flashes, RecoveryWire recovery) : BmcService.BmcServiceBase
{
    public override Task<GetBoardResponse> GetBoard(GetBoardRequest request, ServerCallContext context) => slots.Board.GetBoard(request, context);

    public override Task<ListSlotsResponse> ListSlots(ListSlotsRequest request, ServerCallContext context) => slots.Slots.ListSlots(request, context);

    public override Task<GetSlotResponse> GetSlot(GetSlotRequest request, ServerCallContext context) => slots.Slots.GetSlot(request, context);

    public override Task<PowerOnSlotResponse> PowerOnSlot(PowerOnSlotRequest request, ServerCallContext context) => slots.Slots.PowerOnSlot(request, context);

    public override Task<PowerOffSlotResponse> PowerOffSlot(PowerOffSlotRequest request, ServerCallContext context) => slots.Slots.PowerOffSlot(request, context);

    public override Task<RestartSlotResponse> RestartSlot(RestartSlotRequest request, ServerCallContext context) => slots.Slots.RestartSlot(request, context);

    public override Task<CycleSlotResponse> CycleSlot(CycleSlotRequest request, ServerCallContext context) => slots.Slots.CycleSlot(request, context);

    public override Task WatchHealth(WatchHealthRequest request, IServerStreamWriter<WatchHealthResponse> responseStream, ServerCallContext context) =>
        slots.Slots.WatchHealth(request, responseStream, context);

    public override Task<SetFanResponse> SetFan(SetFanRequest request, ServerCallContext context) => slots.Board.SetFan(request, context);

    public override Task<SelectUsbResponse> SelectUsb(SelectUsbRequest request, ServerCallContext context) => slots.Board.SelectUsb(request, context);

    public override Task WatchConsole(WatchConsoleRequest request, IServerStreamWriter<WatchConsoleResponse> responseStream, ServerCallContext context) =>
        slots.Consoles.WatchConsole(request, responseStream, context);

    public override Task<WriteConsoleResponse> WriteConsole(WriteConsoleRequest request, ServerCallContext context) => slots.Consoles.WriteConsole(request, context);

    public override Task<UploadImageResponse> UploadImage(IAsyncStreamReader<UploadImageRequest> requestStream, ServerCallContext context) =>
        images.UploadImage(requestStream, context);

    public override Task<ListImagesResponse> ListImages(ListImagesRequest request, ServerCallContext context) => images.ListImages(request, context);

    public override Task<DeleteImageResponse> DeleteImage(DeleteImageRequest request, ServerCallContext context) => images.DeleteImage(request, context);

    public override Task<StartFlashResponse> StartFlash(StartFlashRequest request, ServerCallContext context) => flashes.StartFlash(request, context);

    public override Task<GetFlashResponse> GetFlash(GetFlashRequest request, ServerCallContext context) => flashes.GetFlash(request, context);

    public override Task WatchFlash(WatchFlashRequest request, IServerStreamWriter<WatchFlashResponse> responseStream, ServerCallContext context) =>
        flashes.WatchFlash(request, responseStream, context);

    public override Task<CancelFlashResponse> CancelFlash(CancelFlashRequest request, ServerCallContext context) => flashes.CancelFlash(request, context);

    public override Task BringUpSlots(BringUpSlotsRequest request, IServerStreamWriter<BringUpSlotsResponse> responseStream, ServerCallContext context) =>
        slots.Sequences.BringUpSlots(request, responseStream, context);

    public override Task ShutDownSlots(ShutDownSlotsRequest request, IServerStreamWriter<ShutDownSlotsResponse> responseStream, ServerCallContext context) =>
        slots.Sequences.ShutDownSlots(request, responseStream, context);

    public override Task<GetRecoveryPolicyResponse> GetRecoveryPolicy(GetRecoveryPolicyRequest request, ServerCallContext context) =>
        recovery.GetRecoveryPolicy(request, context);

    public override Task<UpdateRecoveryPolicyResponse> UpdateRecoveryPolicy(UpdateRecoveryPolicyRequest request, ServerCallContext context) =>
        recovery.UpdateRecoveryPolicy(request, context);

    public override Task<ReleaseSlotResponse> ReleaseSlot(ReleaseSlotRequest request, ServerCallContext context) => recovery.ReleaseSlot(request, context);
}
