using Appliance.Router.Decoding;

namespace Appliance.Router.Devices;

/// <summary>Shuts devices out of the network, or in with the gateway; the firewall does it, which comes after the inventory on the packet's way.</summary>
public interface IDeviceBarrier
{
    /// <summary>Nothing that the device sends is let through when this returns, or to the gateway alone; repeating it is harmless.</summary>
    /// <param name="mac">The device.</param>
    /// <param name="state">Blocked or quarantined; the one takes the place of the other without a moment between.</param>
    /// <param name="reason">As people gave it.</param>
    /// <param name="creator">Who wants it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task CloseAsync(MacAddress mac, DeviceState state, string reason, string creator, CancellationToken cancellationToken);

    /// <summary>Lets the device in again; repeating it is harmless.</summary>
    Task OpenAsync(MacAddress mac, CancellationToken cancellationToken);

    /// <summary>Holds one device to its policy and its allowed times, as they are or are to be; in force when this returns.</summary>
    Task LimitAsync(Device device, CancellationToken cancellationToken);

    /// <summary>Holds these devices, and no others, to their policies and allowed times at this moment.</summary>
    Task LimitAllAsync(IReadOnlyList<Device> devices, CancellationToken cancellationToken);
}
