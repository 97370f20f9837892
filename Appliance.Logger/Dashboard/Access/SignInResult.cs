namespace Appliance.Logger.Dashboard.Access;

/// <summary>What the router said to a name and a password.</summary>
internal enum SignInResult
{
    SignedIn,
    Wrong,
    Delayed,
    RouterAway,
}
