using Appliance.Bmc.Board;
using Appliance.Bmc.NodeFiles;
using Appliance.Hosting;
using Appliance.Hosting.Authorization;
using Appliance.Hosting.Errors;
using Appliance.Protos.Bmc.V1;
using Google.Protobuf;
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

        var caller = context.Caller();
        var order = new FlashOrder([.. request.SlotNumbers.Select(number => SlotNumber.From(number, "slot_numbers"))], request.ImageId, request.RequestId)
        {
            ContinueAfterFailure = request.ContinueAfterFailure,
            ProofText = request.ProofText,
            AllowCritical = request.AllowCritical,
            NodeFiles = NodeFiles(request),
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

    private static Dictionary<SlotNumber, NodeFileContent> NodeFiles(StartFlashRequest request)
    {
        Dictionary<SlotNumber, NodeFileContent> files = [];
        if (!request.NodeFile.IsEmpty)
        {
            if (request.SlotNumbers.Count != 1 || request.SlotNodeFiles.Count > 0)
            {
                throw new InvalidInputException("node_file", "is for one slot, and several nodes can't be the same; name each slot's in slot_node_files");
            }

            files.Add(SlotNumber.From(request.SlotNumbers[0], "slot_numbers"), NodeFileContent.Parse(request.NodeFile.Memory, "node_file"));
        }

        foreach (var own in request.SlotNodeFiles)
        {
            var slot = SlotNumber.From(own.SlotNumber, "slot_node_files.slot_number");
            if (!request.SlotNumbers.Contains(own.SlotNumber) || !files.TryAdd(slot, NodeFileContent.Parse(own.NodeFile.Memory, "slot_node_files.node_file")))
            {
                throw new InvalidInputException("slot_node_files.slot_number", $"names slot {slot}, which is {(files.ContainsKey(slot) ? "named twice" : "not flashed")}");
            }
        }

        return files.Values.GroupBy(file => file.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new InvalidInputException("slot_node_files.node_file", $"makes two slots node {twice.Key}")
            : files;
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
        NodeName = result.Node,
        FailedIn = result.FailedIn is { } state ? ToWire(state) : WireState.Unspecified,
        EnrollmentRequests = { result.Requests.Select(request => new SlotEnrollment { Role = request.Role, RequestId = request.RequestId, KeySha256 = ByteString.CopyFrom(Convert.FromHexString(request.KeySha256)) }) },
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
        FlashState.Enrolling => WireState.Enrolling,
        FlashState.Starting => WireState.Starting,
        _ => WireState.Cancelled,
    };
}
