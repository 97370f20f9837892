namespace Appliance.Router.Devices;

/// <summary>Where a device may go; the numbers are those of the contract.</summary>
public enum DevicePolicy
{
    None,
    Allowed,
    LanOnly,
    InternetOnly,
}
