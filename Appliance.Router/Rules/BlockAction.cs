namespace Appliance.Router.Rules;

/// <summary>What happens to the packets of a block's target.</summary>
public enum BlockAction
{
    /// <summary>Everything from the target is dropped.</summary>
    Drop,

    /// <summary>What is new towards the target is dropped above a rate.</summary>
    RateLimit,

    /// <summary>The target, a station, gets an address, names and the time from the gateway, and nothing else.</summary>
    Quarantine,
}
