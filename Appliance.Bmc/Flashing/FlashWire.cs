using Appliance.Bmc.Board;
using Appliance.Hosting;
using Appliance.Hosting.Authorization;
using Appliance.Hosting.Errors;
using Appliance.Protos.Bmc.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Wire = Appliance.Protos.Bmc.V1;
using WireState = Appliance.Protos.Bmc.V1.Flash.Types.State;

namespace Appliance.Bmc.Flashing;

/// <summary>The calls of BmcService about flashes, and the form that these have on the wire.</summary>
internal sealed class FlashWire(FlashDesk desk)
{
    private const int LongestRequestId = 128;

    public async Task<StartFlashResponse> StartFlash(StartFlashRequest request, ServerCallContext context)
    {
        if (request.RequestId.Length > LongestRequestId)
        {
            throw new InvalidInputException("request_id", $"has {request.RequestId.Length} characters, it has at most {LongestRequestId}");
        }

        if (!request.NodeFile.IsEmpty)
        {
            throw new BusyException("NODE_FILE_NOT_POSSIBLE", "An image's boot configuration cannot be changed on the way to a slot yet; leave node_file empty and put it into the image.");
        }

        var caller = context.Caller();
        var order = new FlashOrder([.. request.SlotNumbers.Select(number => SlotNumber.From(number, "slot_numbers"))], request.ImageId, request.RequestId)
        {
            ContinueAfterFailure = request.ContinueAfterFailure,
            ProofText = request.ProofText,
            AllowCritical = request.AllowCritical,
            CallerRoles = [.. new[] { caller.Role, caller.Via?.Role }.OfType<Role>()],
        };
        return new StartFlashResponse { Flash = ToWire(await desk.StartAsync(order, caller.ToString(), context.CancellationToken)) };
    }

    public Task<GetFlashResponse> GetFlash(GetFlashRequest request, ServerCallContext context) =>
        Task.FromResult(new GetFlashResponse { Flash = ToWire(desk.Find(request.FlashId)) });

    public async Task WatchFlash(WatchFlashRequest request, IServerStreamWriter<WatchFlashResponse> responses, ServerCallContext context)
    {
        await foreach (var flash in desk.WatchAsync(request.FlashId, context.CancellationToken))
        {
            await responses.WriteAsync(new WatchFlashResponse { Flash = ToWire(flash) }, context.CancellationToken);
        }
    }

    public async Task<CancelFlashResponse> CancelFlash(CancelFlashRequest request, ServerCallContext context)
    {
        if (request.FlashId.Length == 0)
        {
            throw new InvalidInputException("flash_id", "is empty; name the flash to cancel");
        }

        return new CancelFlashResponse { Flash = ToWire(await desk.CancelAsync(request.FlashId, context.CancellationToken)) };
    }

    private static Wire.Flash ToWire(Flash flash) => new()
    {
        Id = flash.Id,
        SlotNumbers = { flash.Results.Select(result => (uint)result.Number) },
        SlotNumber = (uint)flash.Slot,
        ImageId = flash.ImageId,
        State = ToWire(flash.State),
        WrittenBytes = (ulong)flash.WrittenBytes,
        VerifiedBytes = (ulong)flash.VerifiedBytes,
        TotalBytes = (ulong)flash.TotalBytes,
        StartTime = Timestamp.FromDateTimeOffset(flash.StartTime),
        EndTime = flash.EndTime is { } end ? Timestamp.FromDateTimeOffset(end) : null,
        FailureReason = flash.Failure,
        ContinueAfterFailure = flash.ContinueAfterFailure,
        Note = flash.Note,
        Results = { flash.Results.Select(ToWire) },
    };

    private static FlashResult ToWire(SlotFlash result) => new()
    {
        SlotNumber = (uint)result.Number,
        State = ToWire(result.State),
        FailureReason = result.Failure,
        AttemptsCount = (uint)result.Attempts,
        Proof = result.Proof,
        EndTime = result.EndTime is { } end ? Timestamp.FromDateTimeOffset(end) : null,
        Powered = result.Powered,
    };

    private static WireState ToWire(FlashState state) => state switch
    {
        FlashState.Preparing => WireState.Preparing,
        FlashState.Writing => WireState.Writing,
        FlashState.Verifying => WireState.Verifying,
        FlashState.Restarting => WireState.Restarting,
        FlashState.Proving => WireState.Proving,
        FlashState.Succeeded => WireState.Succeeded,
        FlashState.Failed => WireState.Failed,
        _ => WireState.Cancelled,
    };
}
