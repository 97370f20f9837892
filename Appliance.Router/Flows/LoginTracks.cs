using Appliance.Router.Decoding;

namespace Appliance.Router.Flows;

/// <summary>A bounded store of log-in tracks; flows beyond it are not followed, and counted.</summary>
internal sealed class LoginTracks
{
    public const int None = -1;

    private readonly LoginTrack[] _tracks;
    private readonly int[] _free;
    private int _freeCount;

    public LoginTracks(int capacity)
    {
        _tracks = new LoginTrack[capacity];
        _free = new int[capacity];
        for (_freeCount = 0; _freeCount < capacity; _freeCount++)
        {
            _free[_freeCount] = capacity - 1 - _freeCount;
        }
    }

    public long RefusedCount { get; private set; }

    public ref LoginTrack this[int place] => ref _tracks[place];

    public int Take(ApplicationKind application)
    {
        if (_freeCount == 0)
        {
            RefusedCount++;
            return None;
        }

        var place = _free[--_freeCount];
        _tracks[place] = new LoginTrack(application);
        return place;
    }

    public void Release(int place)
    {
        _tracks[place].Wipe();
        _free[_freeCount++] = place;
    }
}
