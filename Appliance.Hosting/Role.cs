namespace Appliance.Hosting;

/// <summary>What a node does for the site; each role is a host of its own with its own ports and keys.</summary>
public enum Role
{
    Router,
    Logger,
    Detector,
    Bmc,
}
