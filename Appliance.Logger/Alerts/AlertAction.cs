namespace Appliance.Logger.Alerts;

/// <summary>What the Router did about an alert; a higher value outweighs a lower one.</summary>
public enum AlertAction
{
    None,
    WouldBlock,
    RateLimited,
    Blocked,
}
