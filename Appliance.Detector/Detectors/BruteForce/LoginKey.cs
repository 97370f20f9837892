namespace Appliance.Detector.Detectors.BruteForce;

/// <summary>Who tries where; zero stands for anyone or anywhere.</summary>
internal readonly record struct LoginKey(UInt128 Source, UInt128 Destination, Service Service)
{
    public override int GetHashCode() => HashCode.Combine(Source, Destination, Service);
}
