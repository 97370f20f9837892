namespace Appliance.Detector.Detectors.BruteForce;

/// <summary>The times of the last failures, so that a count in a window is exact.</summary>
internal sealed class LoginTally(int limit)
{
    private readonly HashSet<UInt128> _peers = [];
    private long[] _times = new long[4];
    private int _next;
    private int _count;

    /// <summary>Failures told of since guessing was established; 0 while it is not.</summary>
    public long ToldFailures { get; set; }

    public long FirstTime => _count == 0 ? 0 : _times[(_next - _count + _times.Length) % _times.Length];

    public long LastTime { get; private set; }

    public int Peers => _peers.Count;

    public void Fail(UInt128 peer, long time)
    {
        if (_count == _times.Length && _times.Length < limit)
        {
            Grow();
        }

        _times[_next] = time;
        _next = (_next + 1) % _times.Length;
        _count = Math.Min(_count + 1, _times.Length);
        LastTime = time;

        // Enough to tell few from many.
        if (_peers.Count < 64)
        {
            _peers.Add(peer);
        }
    }

    public int CountSince(long time)
    {
        var count = 0;
        while (count < _count && _times[(_next - 1 - count + (2 * _times.Length)) % _times.Length] >= time)
        {
            count++;
        }

        return count;
    }

    public void Clear()
    {
        (_next, _count, ToldFailures) = (0, 0, 0);
        _peers.Clear();
    }

    private void Grow()
    {
        var larger = new long[Math.Min(limit, _times.Length * 2)];
        for (var i = 0; i < _count; i++)
        {
            larger[i] = _times[(_next + i) % _times.Length];
        }

        _times = larger;
        _next = _count;
    }
}
