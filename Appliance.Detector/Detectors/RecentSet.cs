namespace Appliance.Detector.Detectors;

/// <summary>Remembers about the last <c>capacity</c> hashes, in two generations; up to 16 bytes each.</summary>
/// <remarks>
/// A member is remembered for at least <c>capacity / 2</c> further ones and for half of <c>lifetime</c>, and at most for
/// <c>capacity</c> and the whole of it. An error of the 64-bit hash (two members taken for one) has a probability below 1e-12 here.
/// </remarks>
internal sealed class RecentSet(int capacity, long lifetime)
{
    private HashList _current = new();
    private HashList? _previous;
    private long _turned = long.MinValue;

    /// <summary>False when the hash was a member already.</summary>
    public bool Add(ulong hash, long time)
    {
        Turn(time);
        if (_current.Contains(hash))
        {
            return false;
        }

        var isNew = _previous is null || !_previous.Contains(hash);
        // A member of the older generation moves to the younger one: what is used stays.
        _current.Add(hash);
        return isNew;
    }

    private void Turn(long time)
    {
        if (_turned == long.MinValue)
        {
            _turned = time;
        }

        var age = time - _turned;
        if (age < lifetime / 2 && _current.Count < capacity / 2)
        {
            return;
        }

        var old = _previous;
        _previous = age < lifetime ? _current : null;
        old?.Clear();
        _current = old ?? new HashList();
        _turned = time;
    }
}
