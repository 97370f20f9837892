namespace Appliance.Detector.Detectors.Scans;

/// <summary>A MAC address that asks for others.</summary>
internal sealed class Asker
{
    private const int RememberedTargets = 512; // A /24 and its neighbor.
    private const long RememberedTime = 7_200_000_000_000;

    private int _untold;

    public RecentSet Targets { get; } = new(RememberedTargets, RememberedTime);

    public FailedContacts Asked { get; } = new();

    public long? JoinedAt { get; set; }

    public long FirstTime { get; private set; }

    public long LastTime { get; private set; }

    public long Total { get; private set; }

    public int Edges { get; private set; }

    public bool AsksForEdges => Edges > 0;

    public bool IsSweeping { get; private set; }

    public void Add(UInt128 target, long time, bool isEdge)
    {
        FirstTime = Total == 0 ? time : FirstTime;
        LastTime = time;
        Total++;
        _untold = Math.Min(_untold + 1, FailedContacts.Capacity);
        Edges += isEdge ? 1 : 0;
        Asked.Add(new FailedContact(time, target, default, IsWeak: false));
    }

    public void CloseIfSilent(long time)
    {
        if (Total > 0 && LastTime < time)
        {
            (Total, Edges, IsSweeping, _untold) = (0, 0, false, 0);
            Asked.Clear();
        }
    }

    public int TakeUntold()
    {
        IsSweeping = true;
        var untold = _untold;
        _untold = 0;
        return untold;
    }
}
