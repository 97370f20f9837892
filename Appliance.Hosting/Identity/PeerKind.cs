namespace Appliance.Hosting.Identity;

/// <summary>Who may hold a certificate of the site.</summary>
public enum PeerKind
{
    Node,
    Admin,
    Operator,
    Reader,

    /// <summary>Receives alerts over MQTT and nothing else.</summary>
    Subscriber,
}
