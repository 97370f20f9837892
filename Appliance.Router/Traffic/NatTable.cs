using Appliance.Router.Flows;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Traffic;

/// <summary>Translated connections as the kernel tells of them, found by either side of the translation.</summary>
/// <remarks>One writes, in the kernel's order; any number look. It is bounded: what ended first goes first, then what began first.</remarks>
internal sealed class NatTable(IOptions<TrafficOptions> options, TimeProvider clock)
{
    // A flow of UDP ends after a minute of silence, its connection after half of that; then the ended event has to be read.
    private static readonly TimeSpan Linger = TimeSpan.FromMinutes(3);

    // What the kernel tells is read this much after the packet that it is about, at most, unless the machine is overloaded.
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);

    private readonly Lock _turn = new();
    private readonly Dictionary<ConnectionEnds, Translation> _sides = [];
    private readonly LinkedList<Translation> _living = new();
    private readonly LinkedList<Translation> _ended = new();
    private volatile int _count;
    private long _round;
    private long _evicted;
    private long _lost;

    /// <summary>Translated connections held, those that have just ended among them.</summary>
    public int Count => _count;

    /// <summary>Those forgotten since there were too many.</summary>
    public long EvictedCount => Interlocked.Read(ref _evicted);

    /// <summary>Times that the kernel had more to tell than it could hold; each is made good by reading its whole table.</summary>
    public long LossCount => Interlocked.Read(ref _lost);

    /// <summary>What a flow is on the other side of the translation; false where nothing is known to translate it.</summary>
    public bool TryFind(in FlowKey flow, DateTimeOffset lastPacket, out FlowKey other)
    {
        other = default;
        if (_count == 0)
        {
            return false;
        }

        lock (_turn)
        {
            // A flow that was over before the connection began is an earlier one with the same ends.
            if (!_sides.TryGetValue(ConnectionEnds.Of(flow), out var found)
                || lastPacket + Delay < found.Began
                || clock.GetUtcNow() - found.Ended > Linger)
            {
                return false;
            }

            other = found.OtherSideOf(flow);
            return true;
        }
    }

    /// <summary>Notes a connection that has just begun.</summary>
    public void Begin(in Connection connection) => Put(connection, clock.GetUtcNow());

    /// <summary>Notes a connection that is there, whenever it began.</summary>
    public void Take(in Connection connection) => Put(connection, DateTimeOffset.MinValue);

    /// <summary>Notes the end of a connection; it can be found for some time yet.</summary>
    public void End(in Connection connection)
    {
        if (_count == 0)
        {
            return;
        }

        lock (_turn)
        {
            if (_sides.TryGetValue(ConnectionEnds.Of(connection.Original.Ends), out var found) && found.Id == connection.Id)
            {
                End(found);
            }
        }
    }

    public void CountLoss() => Interlocked.Increment(ref _lost);

    /// <summary>Begins to take the kernel's table as a whole.</summary>
    public void BeginRound()
    {
        lock (_turn)
        {
            _round++;
        }
    }

    /// <summary>The table has been taken: what was not in it has ended.</summary>
    public void EndRound()
    {
        lock (_turn)
        {
            foreach (var gone in _living.Where(translation => translation.Round != _round).ToList())
            {
                End(gone);
            }
        }
    }

    private void Put(in Connection connection, DateTimeOffset began)
    {
        var isTranslated = connection.IsTranslated;
        if (!isTranslated && _count == 0)
        {
            return;
        }

        lock (_turn)
        {
            var known = _sides.GetValueOrDefault(ConnectionEnds.Of(connection.Original.Ends));
            if (known is { Ended: null } && known.Id == connection.Id)
            {
                known.Round = _round;
                return;
            }

            if (known is not null)
            {
                // Its ends are used again.
                Forget(known);
            }

            if (isTranslated)
            {
                Add(new Translation(connection, began));
            }
        }
    }

    private void Add(Translation translation)
    {
        while (_living.Count + _ended.Count >= options.Value.Translations)
        {
            Forget((_ended.First ?? _living.First)!.Value);
            Interlocked.Increment(ref _evicted);
        }

        translation.Round = _round;
        _sides[translation.Before] = translation;
        _sides[translation.After] = translation;
        _living.AddLast(translation.Place);
        _count = _living.Count + _ended.Count;
    }

    private void End(Translation translation)
    {
        if (translation.Ended is not null)
        {
            return;
        }

        var now = clock.GetUtcNow();
        translation.Ended = now;
        _living.Remove(translation.Place);
        _ended.AddLast(translation.Place);
        while (_ended.First is { } oldest && now - oldest.Value.Ended > Linger)
        {
            Forget(oldest.Value);
        }
    }

    private void Forget(Translation translation)
    {
        translation.Place.List!.Remove(translation.Place);
        Leave(translation.Before, translation);
        Leave(translation.After, translation);
        _count = _living.Count + _ended.Count;
    }

    // Another connection may have taken the side over.
    private void Leave(ConnectionEnds side, Translation translation)
    {
        if (_sides.TryGetValue(side, out var holder) && ReferenceEquals(holder, translation))
        {
            _sides.Remove(side);
        }
    }
}
