namespace Appliance.Router.Rules.Policy;

/// <summary>What conntrack says of a packet; the numbers are those of the contract.</summary>
public enum ConnectionState
{
    None,
    New,
    Established,
    Related,
    Invalid,
}
