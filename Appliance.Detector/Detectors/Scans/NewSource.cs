namespace Appliance.Detector.Detectors.Scans;

/// <summary>A source with one contact so far.</summary>
internal struct NewSource
{
    public ulong Target;
    public Contact Contact;
    public ContactOutcome Outcome;
    public long Time;
    public bool IsConfirmed;
}
