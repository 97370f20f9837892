using Appliance.Bmc.Board;
using Appliance.Hosting;
using Appliance.Hosting.Authorization;
using Appliance.Protos.Bmc.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Wire = Appliance.Protos.Bmc.V1;

namespace Appliance.Bmc.Slots;

/// <summary>The calls of BmcService about slots, and the form that they have on the wire.</summary>
internal sealed class SlotWire(SlotControl control, SlotMonitor monitor, SlotFeed feed)
{
    private const string SlotField = "slot_number";

    public async Task<ListSlotsResponse> ListSlots(ListSlotsRequest request, ServerCallContext context)
    {
        var slots = await monitor.ObserveAsync(context.CancellationToken);
        return new ListSlotsResponse { Slots = { slots.Select(ToWire) } };
    }

    public async Task<GetSlotResponse> GetSlot(GetSlotRequest request, ServerCallContext context)
    {
        var slot = SlotNumber.From(request.SlotNumber, SlotField);
        var slots = await monitor.ObserveAsync(context.CancellationToken);
        return new GetSlotResponse { Slot = ToWire(slots[slot.Index]) };
    }

    public async Task<PowerOnSlotResponse> PowerOnSlot(PowerOnSlotRequest request, ServerCallContext context)
    {
        var order = Order(request.SlotNumber, context);
        return new PowerOnSlotResponse { Slot = ToWire(await control.PowerOnAsync(order, context.CancellationToken)) };
    }

    public async Task<PowerOffSlotResponse> PowerOffSlot(PowerOffSlotRequest request, ServerCallContext context)
    {
        var order = Order(request.SlotNumber, context) with { Cut = request.Cut, AllowCritical = request.AllowCritical, ShutdownLimit = Limit(request.ShutdownLimit) };
        return new PowerOffSlotResponse { Slot = ToWire(await control.PowerOffAsync(order, context.CancellationToken)) };
    }

    public async Task<RestartSlotResponse> RestartSlot(RestartSlotRequest request, ServerCallContext context)
    {
        var order = Order(request.SlotNumber, context) with { Cut = request.Cut, AllowCritical = request.AllowCritical, ShutdownLimit = Limit(request.ShutdownLimit) };
        return new RestartSlotResponse { Slot = ToWire(await control.RestartAsync(order, context.CancellationToken)) };
    }

    public async Task<CycleSlotResponse> CycleSlot(CycleSlotRequest request, ServerCallContext context)
    {
        var order = Order(request.SlotNumber, context) with { Cut = request.Cut, AllowCritical = request.AllowCritical, ShutdownLimit = Limit(request.ShutdownLimit) };
        var downTime = request.DownTime is { } given ? DownTime.From(given.Seconds, given.Nanos, "down_time") : DownTime.Default;
        return new CycleSlotResponse { Slot = ToWire(await control.CycleAsync(order, downTime, context.CancellationToken)) };
    }

    public async Task WatchHealth(WatchHealthRequest request, IServerStreamWriter<WatchHealthResponse> responseStream, ServerCallContext context)
    {
        await foreach (var slot in feed.WatchAsync(context.CancellationToken))
        {
            await responseStream.WriteAsync(new WatchHealthResponse { Slot = ToWire(slot) }, context.CancellationToken);
        }
    }

    /// <summary>An order for a slot by whoever calls.</summary>
    public static SlotOrder Order(uint slot, ServerCallContext context)
    {
        var caller = context.Caller();
        return new SlotOrder(SlotNumber.From(slot, SlotField), caller.ToString()) { CallerRoles = [.. new[] { caller.Role, caller.Via?.Role }.OfType<Role>()] };
    }

    private static TimeSpan? Limit(Duration? given) => given is null ? null : NodeShutdown.Limits.Read(given.Seconds, given.Nanos, "shutdown_limit");

    private static Wire.Slot ToWire(Slot slot) => new()
    {
        Number = (uint)slot.Number.Number,
        State = ToWire(slot.State),
        Name = slot.Name,
        Module = slot.Module,
        Uptime = slot.Uptime is { } uptime ? Duration.FromTimeSpan(uptime) : null,
        Evidence = { slot.Evidence },
        Version = slot.Version,
        Critical = slot.Critical,
        Power = ToWire(slot.Power),
        DesiredPower = ToWire(slot.DesiredPower),
    };

    private static Wire.Slot.Types.State ToWire(SlotState state) => state switch
    {
        SlotState.Off => Wire.Slot.Types.State.Off,
        SlotState.Powered => Wire.Slot.Types.State.Powered,
        SlotState.Booting => Wire.Slot.Types.State.Booting,
        SlotState.Active => Wire.Slot.Types.State.Active,
        SlotState.Failed => Wire.Slot.Types.State.Failed,
        SlotState.Flashing => Wire.Slot.Types.State.Flashing,
        SlotState.Quarantined => Wire.Slot.Types.State.Quarantined,
        _ => Wire.Slot.Types.State.Unreachable,
    };

    private static Wire.Slot.Types.Power ToWire(bool? power) => power switch
    {
        true => Wire.Slot.Types.Power.On,
        false => Wire.Slot.Types.Power.Off,
        null => Wire.Slot.Types.Power.Unspecified,
    };
}
