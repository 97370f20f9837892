using Appliance.Bmc.Board;
using Appliance.Protos.Bmc.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Appliance.Bmc.Slots;

/// <summary>The calls of BmcService about consoles.</summary>
internal sealed class ConsoleWire(ConsoleHub hub, ConsoleInput input)
{
    private const string SlotField = "slot_number";

    public async Task WatchConsole(WatchConsoleRequest request, IServerStreamWriter<WatchConsoleResponse> responseStream, ServerCallContext context)
    {
        var slot = SlotNumber.From(request.SlotNumber, SlotField);
        await foreach (var output in hub.WatchAsync(slot, context.CancellationToken))
        {
            await responseStream.WriteAsync(
                new WatchConsoleResponse { Output = ByteString.CopyFromUtf8(output.Text), HasGap = output.HasGap }, context.CancellationToken);
        }
    }

    public async Task<WriteConsoleResponse> WriteConsole(WriteConsoleRequest request, ServerCallContext context)
    {
        var slot = SlotNumber.From(request.SlotNumber, SlotField);
        await input.WriteAsync(slot, request.Input.Memory, "input", context.CancellationToken);
        return new WriteConsoleResponse();
    }
}
