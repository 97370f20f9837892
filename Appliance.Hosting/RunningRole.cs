namespace Appliance.Hosting;

/// <summary>The role that this host answers for.</summary>
public sealed record RunningRole(Role Role)
{
    /// <summary>The name of the role's one meter, for example <c>Appliance.Router</c>.</summary>
    public string MeterName { get; } = $"Appliance.{Role}";
}
