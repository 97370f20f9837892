namespace Appliance.Router.Site;

/// <summary>Tries that did not succeed, by key: bounded, forgets the oldest first.</summary>
/// <remarks>Not safe for concurrent use: <see cref="SignInThrottle"/> holds its lock around it.</remarks>
internal sealed class FailureTable(int capacity, TimeSpan memory)
{
    private readonly Dictionary<string, LinkedListNode<Failure>> _byKey = [];
    private readonly LinkedList<Failure> _oldestFirst = new();

    public int Count => _byKey.Count;

    /// <summary>Tries and the time of the last; none when nothing is held or it is long ago.</summary>
    public (int Tries, DateTimeOffset Last) Find(string key, DateTimeOffset now) =>
        _byKey.TryGetValue(key, out var node) && now - node.Value.Last < memory
            ? (node.Value.Tries, node.Value.Last)
            : (0, now);

    public void Add(string key, DateTimeOffset now)
    {
        var tries = Find(key, now).Tries;
        Remove(key);
        if (_byKey.Count == capacity)
        {
            Remove(_oldestFirst.First!.Value.Key);
        }

        _byKey[key] = _oldestFirst.AddLast(new Failure(key, tries + 1, now));
    }

    public void Remove(string key)
    {
        if (_byKey.Remove(key, out var node))
        {
            _oldestFirst.Remove(node);
        }
    }

    private readonly record struct Failure(string Key, int Tries, DateTimeOffset Last);
}
