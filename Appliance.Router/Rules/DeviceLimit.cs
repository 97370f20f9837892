namespace Appliance.Router.Rules;

/// <summary>What a station is kept from by its device's policy or schedule.</summary>
public enum DeviceLimit
{
    /// <summary>From the internet.</summary>
    LanOnly,

    /// <summary>From beginning anything towards the site's other networks, and from the gateway but for DHCP, DNS and NTP.</summary>
    InternetOnly,

    /// <summary>From all but the gateway's DHCP, DNS and NTP: it is outside of its allowed times.</summary>
    Resting,
}
