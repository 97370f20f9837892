namespace Appliance.Router.Export;

/// <summary>What carries messages to a collector.</summary>
public enum CollectorTransport
{
    Udp,
    Tcp,
}
