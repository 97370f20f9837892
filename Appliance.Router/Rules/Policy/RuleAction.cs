namespace Appliance.Router.Rules.Policy;

/// <summary>What a rule does with what matches; the numbers are those of the contract.</summary>
public enum RuleAction
{
    None,
    Accept,
    Drop,

    /// <summary>Refused with a TCP reset, or with ICMP "administratively prohibited".</summary>
    Reject,

    /// <summary>Counts what it would have done, and goes on with the next rule.</summary>
    Audit,

    /// <summary>Source NAT to the address of the interface that it leaves by.</summary>
    Masquerade,

    /// <summary>Destination NAT, hairpin included.</summary>
    Forward,

    /// <summary>Source NAT to a given address.</summary>
    SourceNat,
}
