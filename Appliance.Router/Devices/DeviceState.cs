namespace Appliance.Router.Devices;

/// <summary>What people have decided about a device; the numbers are those of the contract.</summary>
public enum DeviceState
{
    None,

    /// <summary>Nobody has decided yet.</summary>
    New,
    Approved,

    /// <summary>Gets an address, names and the time from the gateway, and reaches nothing else through it.</summary>
    Quarantined,

    /// <summary>Nothing that it sends is let through.</summary>
    Blocked,
}
