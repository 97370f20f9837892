namespace Appliance.Hosting.Enrollment;

/// <summary>A role that a node has besides its first one, and the token for that role's own certificate; a router's needs none.</summary>
public sealed record FurtherRole(Role Role, string Token)
{
    // The compiler's own text would hold the token.
    public override string ToString() => Role.Word();
}
