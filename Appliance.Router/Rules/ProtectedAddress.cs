namespace Appliance.Router.Rules;

/// <summary>Addresses that are never blocked, and why.</summary>
public sealed record ProtectedAddress(string Id, TargetRange Range, string Reason, bool IsBuiltIn)
{
    /// <summary>One that the router knows by itself.</summary>
    public static ProtectedAddress BuiltIn(TargetRange range, string reason) => new($"built-in:{range}", range, reason, true);
}
