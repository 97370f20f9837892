namespace Appliance.Evaluation.Windows;

/// <summary>How well single windows are told apart, at thresholds that one benign window in a thousand exceeds.</summary>
/// <param name="BenignWindows">Ten seconds of a host that said something; the thresholds are taken from them.</param>
/// <param name="Bed">The benign capture that attacks were laid over.</param>
/// <param name="BedPacketsPerSecond">Its mean rate.</param>
/// <param name="Overlays">A row for each category and share.</param>
internal sealed record WindowTotal(int BenignWindows, string Bed, double BedPacketsPerSecond, IReadOnlyList<OverlayTotal> Overlays);
