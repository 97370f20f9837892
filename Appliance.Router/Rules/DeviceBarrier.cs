using Appliance.Hosting.Errors;
using Appliance.Router.Decoding;
using Appliance.Router.Devices;

namespace Appliance.Router.Rules;

/// <summary>Shuts devices out by a block of their MAC address.</summary>
internal sealed class DeviceBarrier(BlockStore blocks) : IDeviceBarrier
{
    public static BlockTarget TargetOf(MacAddress mac) => new(TargetKind.Mac, mac.Value);

    // Blocks end by themselves; that of a device is made longer for as long as the device is to stay out.
    public Task CloseAsync(MacAddress mac, string reason, string creator, CancellationToken cancellationToken) =>
        blocks.CreateAsync(new BlockRequest(TargetOf(mac), BlockAction.Drop, BlockAdmission.LongestDuration, reason, creator), cancellationToken);

    public async Task OpenAsync(MacAddress mac, CancellationToken cancellationToken)
    {
        if (Find(mac) is { } block)
        {
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

    /// <summary>The standing block of the device; null when nothing shuts it out.</summary>
    public Block? Find(MacAddress mac) => blocks.All.FirstOrDefault(block => block.Target == TargetOf(mac) && block is { Action: BlockAction.Drop, IsDryRun: false });
}
