using Appliance.Router.Decoding;

namespace Appliance.Router.Devices;

/// <summary>Shuts devices out of the network; the firewall does it, which comes after the inventory on the packet's way.</summary>
public interface IDeviceBarrier
{
    /// <summary>Nothing that the device sends is let through when this returns; repeating it is harmless.</summary>
    Task CloseAsync(MacAddress mac, string reason, string creator, CancellationToken cancellationToken);

    /// <summary>Lets the device in again; repeating it is harmless.</summary>
    Task OpenAsync(MacAddress mac, CancellationToken cancellationToken);
}
