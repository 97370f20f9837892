namespace Appliance.Evaluation.Windows;

/// <summary>Share of the attacked windows that each way finds, for attacks of one category at one share of the benign rate.</summary>
/// <param name="Category">Scan, brute-force or flood.</param>
/// <param name="Share">Packets of the attack for one benign packet; null for attacks as fast as they were recorded.</param>
/// <param name="Windows">Attacked windows of attacking hosts; of the hosts attacked where the senders are forged.</param>
/// <param name="Appliance">Of the product.</param>
/// <param name="Rate">Of the packet rate.</param>
/// <param name="NewDestination">Of the new-destination rule.</param>
/// <param name="Zeek">Of Zeek's default thresholds.</param>
internal sealed record OverlayTotal(string Category, double? Share, int Windows, double Appliance, double Rate, double NewDestination, double Zeek);
