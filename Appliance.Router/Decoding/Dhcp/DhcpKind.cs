namespace Appliance.Router.Decoding.Dhcp;

/// <summary>What a DHCP message does, by the numbers of RFC 2132, 9.6; those of DHCPv6 stand for their nearest of kin.</summary>
public enum DhcpKind : byte
{
    None,

    /// <summary>DHCPv6: Solicit.</summary>
    Discover,

    /// <summary>DHCPv6: Advertise.</summary>
    Offer,

    /// <summary>DHCPv6: Request, Confirm, Renew, Rebind.</summary>
    Request,
    Decline,

    /// <summary>DHCPv6: Reply.</summary>
    Acknowledge,
    Refuse,
    Release,

    /// <summary>DHCPv6: Information-request.</summary>
    Inform,
}
