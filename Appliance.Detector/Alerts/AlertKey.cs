using Appliance.Detector.Detectors;

namespace Appliance.Detector.Alerts;

/// <summary>Findings of the same key are one alert as long as it is open.</summary>
internal readonly record struct AlertKey(Category Category, Suspect Source, Service Service)
{
    public override int GetHashCode() => HashCode.Combine(Category, Source, Service);
}
