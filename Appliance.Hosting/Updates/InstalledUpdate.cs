namespace Appliance.Hosting.Updates;

/// <summary>A bundle that lies ready to be activated.</summary>
/// <param name="Version">As the bundle says.</param>
/// <param name="Slot">"A" or "B"; empty on a node without slots.</param>
internal sealed record InstalledUpdate(string Version, string Slot);
