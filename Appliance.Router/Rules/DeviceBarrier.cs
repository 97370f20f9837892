using Appliance.Hosting.Errors;
using Appliance.Router.Decoding;
using Appliance.Router.Devices;

namespace Appliance.Router.Rules;

/// <summary>Shuts devices out, or in with the gateway, by a block of their MAC address.</summary>
internal sealed class DeviceBarrier(BlockStore blocks, TimeProvider clock) : IDeviceBarrier
{
    public static BlockTarget TargetOf(MacAddress mac) => new(TargetKind.Mac, mac.Value);

    // Blocks end by themselves; that of a device is made longer for as long as the device is to stay in its state.
    public async Task CloseAsync(MacAddress mac, DeviceState state, string reason, string creator, CancellationToken cancellationToken)
    {
        var action = ActionOf(state) ?? throw new ArgumentOutOfRangeException(nameof(state), state, "Only a blocked or quarantined device has a barrier.");
        await blocks.CreateAsync(new BlockRequest(TargetOf(mac), action, BlockAdmission.LongestDuration, reason, creator), cancellationToken);

        // The new one stands, so lifting the other opens nothing.
        await LiftAsync(Find(mac, action == BlockAction.Drop ? BlockAction.Quarantine : BlockAction.Drop), cancellationToken);
    }

    public async Task OpenAsync(MacAddress mac, CancellationToken cancellationToken)
    {
        await LiftAsync(Find(mac, BlockAction.Drop), cancellationToken);
        await LiftAsync(Find(mac, BlockAction.Quarantine), cancellationToken);
    }

    public Task LimitAsync(Device device, CancellationToken cancellationToken)
    {
        var station = TargetOf(device.Mac);
        var others = blocks.Intent.Devices.Where(limit => limit.Station != station);
        return PutAsync(DeviceLimits.InOrder(others.Concat(DeviceLimits.Of(device, clock.GetLocalNow()))), cancellationToken);
    }

    public Task LimitAllAsync(IReadOnlyList<Device> devices, CancellationToken cancellationToken) =>
        PutAsync(DeviceLimits.Of(devices, clock.GetLocalNow()), cancellationToken);

    /// <summary>The standing block that keeps the device in its state; null when nothing does.</summary>
    public Block? Find(Device device) => ActionOf(device.State) is { } action ? Find(device.Mac, action) : null;

    /// <summary>The state that a block keeps its station in; null for one that keeps none.</summary>
    public static DeviceState? StateOf(Block block) => (block.Target.Kind, block.Action) switch
    {
        (TargetKind.Mac, BlockAction.Drop) => DeviceState.Blocked,
        (TargetKind.Mac, BlockAction.Quarantine) => DeviceState.Quarantined,
        _ => null,
    };

    private static BlockAction? ActionOf(DeviceState state) => state switch
    {
        DeviceState.Blocked => BlockAction.Drop,
        DeviceState.Quarantined => BlockAction.Quarantine,
        _ => null,
    };

    private Task PutAsync(IReadOnlyList<LimitedDevice> limits, CancellationToken cancellationToken) => limits.SequenceEqual(blocks.Intent.Devices)
        ? Task.CompletedTask
        : blocks.RestateAsync(state => state with { Devices = limits }, cancellationToken);

    private Block? Find(MacAddress mac, BlockAction action) =>
        blocks.All.FirstOrDefault(block => block.Target == TargetOf(mac) && block.Action == action && !block.IsDryRun);

    private async Task LiftAsync(Block? block, CancellationToken cancellationToken)
    {
        if (block is null)
        {
            return;
        }

        try
        {
            await blocks.DeleteAsync(block.Id, cancellationToken);
        }
        catch (NotFoundException)
        {
            // It has ended meanwhile.
        }
    }
}
