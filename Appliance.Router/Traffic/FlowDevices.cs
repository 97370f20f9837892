using Appliance.Router.Decoding;
using Appliance.Router.Devices;

namespace Appliance.Router.Traffic;

/// <summary>Tells which device of the inventory an end of a flow is.</summary>
/// <remarks>
/// The MAC address alone does not tell: behind a router all peers have the router's. An end is a device where the inventory knows the
/// address as one of that device's own, or where the address can't have come over a router: unspecified or link-local.
/// </remarks>
internal sealed class FlowDevices(DeviceInventory inventory, OwnStations own)
{
    /// <summary>The id that DeviceService gives the device; empty for the router's own stations, for peers behind another router, and where unknown.</summary>
    public string IdOf(MacAddress mac, UInt128 address)
    {
        if (mac.IsEmpty || mac.IsGroup || inventory.Find(mac) is not { } device || own.Has(mac))
        {
            return "";
        }

        return device.Has(address) || IsOfLink(address) ? device.Id : "";
    }

    // Routers forward neither (RFC 3927, 2.7; RFC 4291, 2.5.2 and 2.5.6). A host without an address asks for one by DHCP.
    private static bool IsOfLink(UInt128 address) => IPAddresses.IsIPv4(address)
        ? (uint)address == 0 || (uint)address >> 16 == 0xA9FE
        : address == 0 || address >> 118 == 0xFE80 >> 6;
}
