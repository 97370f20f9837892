namespace Appliance.Router.Devices;

/// <summary>Where something was read; the numbers are on disk.</summary>
public enum TraitSource
{
    None = 0,

    /// <summary>The IEEE's registry, by the MAC address.</summary>
    Vendor = 1,

    /// <summary>The name that a DHCP client gives itself, or is given.</summary>
    DhcpName = 2,
    DhcpVendorClass = 3,

    /// <summary>The options that a DHCP client asks for.</summary>
    DhcpFingerprint = 4,

    /// <summary>Gives addresses to others.</summary>
    DhcpServer = 5,
    MdnsName = 6,

    /// <summary>A service that is offered, such as "_ipp._tcp".</summary>
    MdnsService = 7,

    /// <summary>A UPnP device type, such as "urn:schemas-upnp-org:device:MediaRenderer:1".</summary>
    SsdpDevice = 8,
    SsdpProduct = 9,
    HttpUserAgent = 10,
    SshBanner = 11,

    /// <summary>The model that a device calls itself in an mDNS TXT record.</summary>
    MdnsModel = 12,

    /// <summary>The maker that a device names there.</summary>
    MdnsMaker = 13,

    /// <summary>What an accessory of HomeKit says it is, such as "outlet".</summary>
    HomeKitCategory = 14,

    /// <summary>The name in a lease that the gateway has given itself.</summary>
    LeaseName = 15,
}
