using Appliance.Detector.Detectors;

namespace Appliance.Evaluation;

/// <summary>Something was called out, by the product or by a baseline; a growing alert calls out under the same key again.</summary>
/// <param name="Key">The same for all that people would see as one alert.</param>
/// <param name="Time">When it could be known, on the capture's clock.</param>
/// <param name="Category">None for a baseline that cannot tell.</param>
/// <param name="Severity">Of this revision.</param>
/// <param name="Events">Pieces of evidence so far; 0 for a baseline.</param>
internal readonly record struct Alarm(string Key, long Time, Category Category, Severity Severity, long Events = 0);
