using System.ComponentModel.DataAnnotations;

namespace Appliance.Router.Nftables;

/// <summary>Where and whether the firewall enforces.</summary>
public sealed class FirewallOptions
{
    public const string Section = "Router:Firewall";

    [EnumDataType(typeof(EnforceMode))]
    public EnforceMode Enforce { get; set; } = EnforceMode.Auto;

    /// <summary>A network namespace that the process makes, or takes over, to enforce in; empty means its own.</summary>
    [RegularExpression("[A-Za-z0-9][A-Za-z0-9_-]{0,62}", ErrorMessage = "must be letters, digits, '-' and '_' only, at most 63")]
    public string Namespace { get; set; } = "";

    /// <summary>The policy in force as long as nothing was ever applied: one that decides nothing, or one for a board with VLANs on one port, or with two ports.</summary>
    [RegularExpression("open|router-on-a-stick|two-ports", ErrorMessage = "must be open, router-on-a-stick or two-ports")]
    public string DefaultPolicy { get; set; } = Rules.Changes.DefaultPolicy.Open;
}
