namespace Appliance.Router.Rules;

/// <summary>Why a block is over.</summary>
public enum EndCause
{
    Expired,

    /// <summary>Somebody lifted it: the answer was not wanted.</summary>
    Lifted,

    /// <summary>Its target became a protected address.</summary>
    Protected,
}
