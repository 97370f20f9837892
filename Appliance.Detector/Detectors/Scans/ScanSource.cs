using Appliance.Detector.Flows;

namespace Appliance.Detector.Detectors.Scans;

/// <summary>What is remembered of one source of contacts.</summary>
internal sealed class ScanSource
{
    private const long Hour = 3_600_000_000_000;

    // A contact is "first" again when 256 to 512 others came between, or two hours: a scan repeated the next day is a scan.
    private const int RememberedTargets = 512;
    private const long RememberedTime = 2 * Hour;

    // A slow scan of 10 contacts in 3.7 h has gaps of up to 92 min; what lies further apart is not one walk.
    private const long WalkMemory = 6 * Hour;

    private long _lastContact;

    public RecentSet Targets { get; } = new(RememberedTargets, RememberedTime);

    public FailedContacts Failed { get; } = new();

    public double Walk { get; private set; }

    public MacAddress Mac { get; set; }

    public bool IsConfirmed { get; set; }

    /// <summary>Set while a scan of this source is told of.</summary>
    public ScanEpisode? Episode { get; set; }

    /// <summary>True for a first contact.</summary>
    public bool Add(ulong target, long time)
    {
        if (time - _lastContact > WalkMemory)
        {
            Walk = 0;
            Failed.Clear();
        }

        if (Episode is not null && time - Episode.LastTime > Hour)
        {
            Episode = null;
            Walk = 0;
            Failed.Clear();
        }

        _lastContact = time;
        return Targets.Add(target, time);
    }

    public void Judge(in Contact contact, ContactOutcome outcome, long time, RandomWalk walk)
    {
        // A decided walk stays at its bound, so that one that ends there needs no new proof.
        Walk = Math.Min(walk.Step(Walk, outcome), walk.Bound + walk.Failure);
        if (outcome is ContactOutcome.Failed or ContactOutcome.FailedWeakly)
        {
            Failed.Add(new FailedContact(
                time,
                contact.Destination,
                new Service(contact.Protocol, contact.Port),
                outcome == ContactOutcome.FailedWeakly));
        }
    }
}
