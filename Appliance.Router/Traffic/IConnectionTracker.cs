namespace Appliance.Router.Traffic;

/// <summary>The kernel's connection tracking, where the firewall enforces.</summary>
internal interface IConnectionTracker
{
    /// <summary>Hands over all connections, in no order; asked to start over, what was handed over before is void.</summary>
    void Read(ConnectionReader read, Action restart);

    /// <summary>Ends one connection; false when it has ended already.</summary>
    bool Delete(ConnectionName name);
}
