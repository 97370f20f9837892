using Appliance.Detector.Detectors;

namespace Appliance.Evaluation;

/// <summary>What it took the product to call an attack.</summary>
/// <param name="Category">Of the alert that called it.</param>
/// <param name="Seconds">From the attack's start.</param>
/// <param name="Events">Pieces of evidence that the alert stood on then: failed contacts, failed log-ins, intervals.</param>
internal sealed record Detection(Category Category, double Seconds, long Events);
