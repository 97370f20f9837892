using Appliance.Router.Decoding;

namespace Appliance.Router.Flows;

/// <summary>A bounded store of log-in tracks; flows beyond it are not followed, and counted.</summary>
internal sealed class LoginTracks
{
    public const int None = -1;

    private readonly LoginTrack[] tracks;
    private readonly int[] free;
    private int freeCount;

    public LoginTracks(int capacity)
    {
        tracks = new LoginTrack[capacity];
        free = new int[capacity];
        for (freeCount = 0; freeCount < capacity; freeCount++)
        {
            free[freeCount] = capacity - 1 - freeCount;
        }
    }

    public long RefusedCount { get; private set; }

    public ref LoginTrack this[int place] => ref tracks[place];

    public int Take(ApplicationKind application)
    {
        if (freeCount == 0)
        {
            RefusedCount++;
            return None;
        }

        var place = free[--freeCount];
        tracks[place] = new LoginTrack(application);
        return place;
    }

    public void Release(int place) => free[freeCount++] = place;
}
