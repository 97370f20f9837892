namespace Appliance.Evaluation;

/// <summary>One capture of a corpus and the truth about it.</summary>
/// <param name="File">As the manifest names it.</param>
/// <param name="Path">Where it lies: relative names count from the manifest's folder.</param>
/// <param name="Label">What it is, in words.</param>
/// <param name="Expectation">What should be found.</param>
/// <param name="Window">When the attack ran, where that is known.</param>
/// <param name="Attacker">Who attacked, in the manifest's words; empty where that is not known.</param>
internal sealed record ManifestEntry(string File, string Path, string Label, Expectation Expectation, TimeWindow? Window, string Attacker = "");
