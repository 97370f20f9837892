using Appliance.Router.Decoding;

namespace Appliance.Router.Devices.Conflicts;

/// <summary>Addresses that routers share, so that another one takes over unnoticed.</summary>
internal static class VirtualRouters
{
    /// <summary>VRRP and CARP (RFC 9568, 7.3), HSRP of both versions and for IPv6, GLBP.</summary>
    public static bool Has(MacAddress mac) =>
        mac.Value >> 8 is 0x00_00_5e_00_01 or 0x00_00_5e_00_02 or 0x00_00_0c_07_ac
        || mac.Value >> 12 is 0x00_00_0c_9f_f or 0x00_05_73_a0_0
        || mac.Value >> 24 == 0x00_07_b4;
}
