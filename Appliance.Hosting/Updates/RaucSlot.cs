namespace Appliance.Hosting.Updates;

/// <summary>A root slot as RAUC sees it.</summary>
/// <param name="Bootname">"A" or "B".</param>
/// <param name="IsBooted">The one that runs.</param>
/// <param name="Version">Of the bundle that was written whole to it; empty where none was.</param>
internal sealed record RaucSlot(string Bootname, bool IsBooted, string Version);
