namespace Appliance.Hosting.Updates;

/// <summary>What a bundle's signed manifest says.</summary>
internal sealed record RaucBundle(string Compatible, string Version);
