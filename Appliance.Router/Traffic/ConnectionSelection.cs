namespace Appliance.Router.Traffic;

/// <summary>Picks the first connections by name out of any number, holding no more than it picks.</summary>
internal sealed class ConnectionSelection(ConnectionName? after, UInt128? address, int count)
{
    // The last by name stands on top, for the next that comes before it to take its place.
    private readonly PriorityQueue<Connection, ConnectionName> _picked = new(Comparer<ConnectionName>.Create((left, right) => ConnectionName.Compare(right, left)));

    public void Take(in Connection connection)
    {
        var name = connection.Name;
        if ((after is { } last && ConnectionName.Compare(name, last) <= 0) || (address is { } wanted && !connection.Has(wanted)))
        {
            return;
        }

        if (_picked.Count < count)
        {
            _picked.Enqueue(connection, name);
        }
        else if (_picked.TryPeek(out _, out var worst) && ConnectionName.Compare(name, worst) < 0)
        {
            _picked.DequeueEnqueue(connection, name);
        }
    }

    public void Clear() => _picked.Clear();

    public IReadOnlyList<Connection> InOrder()
    {
        var ordered = new Connection[_picked.Count];
        for (var place = ordered.Length - 1; place >= 0; place--)
        {
            ordered[place] = _picked.Dequeue();
        }

        return ordered;
    }
}
