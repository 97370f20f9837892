namespace Appliance.Router.Rules.Changes;

/// <summary>What became of a ruleset; the numbers are those of the contract.</summary>
internal enum RulesetState
{
    None,

    /// <summary>In force, and goes back by itself unless it is confirmed.</summary>
    Confirming,
    Active,
    Superseded,

    /// <summary>Taken back: nobody confirmed it.</summary>
    Reverted,
}
