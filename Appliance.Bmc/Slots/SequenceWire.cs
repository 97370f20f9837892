using System.Threading.Channels;
using Appliance.Bmc.Board;
using Appliance.Protos.Bmc.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Wire = Appliance.Protos.Bmc.V1;

namespace Appliance.Bmc.Slots;

/// <summary>The calls of BmcService that switch several slots in order.</summary>
internal sealed class SequenceWire(SlotSequence sequence, TimeProvider clock)
{
    private const string SlotsField = "slot_numbers";

    public async Task BringUpSlots(BringUpSlotsRequest request, IServerStreamWriter<BringUpSlotsResponse> responseStream, ServerCallContext context)
    {
        var steps = sequence.BringUpAsync(Slots(request.SlotNumbers), slot => SlotWire.Order((uint)slot.Number, context), context.CancellationToken);
        await foreach (var step in steps)
        {
            await responseStream.WriteAsync(new BringUpSlotsResponse { Step = ToWire(step) }, context.CancellationToken);
        }
    }

    public async Task ShutDownSlots(ShutDownSlotsRequest request, IServerStreamWriter<ShutDownSlotsResponse> responseStream, ServerCallContext context)
    {
        // Read before the call may end: the sequence goes on without its caller, who may be cut off by the slot that carries his packets.
        var caller = SlotWire.Order(SlotNumber.First, context) with { AllowCritical = request.AllowCritical };
        var wanted = Slots(request.SlotNumbers);

        // At most three steps a slot, so nothing is ever refused.
        var steps = Channel.CreateBounded<SlotStep>(4 * SlotNumber.Last);
        var running = RunAsync(sequence.ShutDownAsync(wanted, slot => caller with { Slot = slot }, CancellationToken.None), steps.Writer);
        await foreach (var step in steps.Reader.ReadAllAsync(context.CancellationToken))
        {
            await responseStream.WriteAsync(new ShutDownSlotsResponse { Step = ToWire(step) }, context.CancellationToken);
        }

        await running;
    }

    private static async Task RunAsync(IAsyncEnumerable<SlotStep> sequence, ChannelWriter<SlotStep> steps)
    {
        try
        {
            await foreach (var step in sequence)
            {
                await steps.WriteAsync(step);
            }

            steps.Complete();
        }
#pragma warning disable CA1031 // Whatever it is, it is thrown to whoever reads the steps.
        catch (Exception error)
#pragma warning restore CA1031
        {
            steps.Complete(error);
        }
    }

    private static List<SlotNumber> Slots(IEnumerable<uint> numbers) => [.. numbers.Select(number => SlotNumber.From(number, SlotsField)).Distinct()];

    private Wire.SlotStep ToWire(SlotStep step) => new()
    {
        SlotNumber = (uint)step.Slot.Number,
        State = step.State switch
        {
            SlotStepState.Switching => Wire.SlotStep.Types.State.Switching,
            SlotStepState.Waiting => Wire.SlotStep.Types.State.Waiting,
            SlotStepState.Succeeded => Wire.SlotStep.Types.State.Succeeded,
            SlotStepState.Failed => Wire.SlotStep.Types.State.Failed,
            _ => Wire.SlotStep.Types.State.Skipped,
        },
        Text = step.Text,
        Time = Timestamp.FromDateTimeOffset(clock.GetUtcNow()),
    };
}
