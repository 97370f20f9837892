namespace Appliance.Hosting.Errors;

/// <summary>Nothing of this kind has this id.</summary>
public sealed class NotFoundException : ApplianceException
{
    public NotFoundException(string kind, string id)
        : base($"{kind.ToUpperInvariant().Replace(' ', '_')}_NOT_FOUND", $"No {kind} has the id '{id}'.", null) =>
        Details = new Dictionary<string, string>(StringComparer.Ordinal) { ["kind"] = kind, ["id"] = id };
}
