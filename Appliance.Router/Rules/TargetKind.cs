namespace Appliance.Router.Rules;

/// <summary>What a block is aimed at; each kind has a kernel set of its own.</summary>
public enum TargetKind
{
    Address4,
    Address6,
    Mac,
}
