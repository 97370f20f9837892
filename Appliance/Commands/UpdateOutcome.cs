namespace Appliance.Commands;

/// <summary>What became of a node: one line for people, one object for programs.</summary>
/// <param name="Node">The role's word.</param>
/// <param name="State">For example <c>kept</c>, <c>installed</c>, <c>failed</c> or <c>untouched</c>.</param>
/// <param name="Version">What it runs or holds; empty where nobody knows.</param>
/// <param name="Slot">"A" or "B"; empty where there are none.</param>
/// <param name="Text">Why, or what its health says.</param>
internal sealed record UpdateOutcome(string Node, string State, string Version, string Slot, string Text)
{
    public const string Untouched = "untouched";
    public const string Installed = "installed";
    public const string Kept = "kept";
    public const string Failed = "failed";
}
