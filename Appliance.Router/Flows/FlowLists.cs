namespace Appliance.Router.Flows;

/// <summary>Doubly linked lists over the places of the flow table; each place is in one list at most.</summary>
internal sealed class FlowLists(int placeCount, int listCount)
{
    public const int None = -1;

    // Everything is kept one up, so that zero means none: then pages that no flow has touched cost no memory. What stands at the end of
    // a list names it there, below zero, so that a link takes 8 bytes.
    private readonly Link[] _links = new Link[placeCount];
    private readonly int[] _heads = new int[listCount];
    private readonly int[] _tails = new int[listCount];

    public int First(int list) => _heads[list] - 1;

    public void Append(int list, int place)
    {
        var last = _tails[list];
        _links[place] = new Link { Next = -list - 1, Previous = last == 0 ? -list - 1 : last };
        if (last == 0)
        {
            _heads[list] = place + 1;
        }
        else
        {
            _links[last - 1].Next = place + 1;
        }

        _tails[list] = place + 1;
    }

    /// <summary>Takes the place out of the list that it is in; false when it is in none.</summary>
    public bool TryRemove(int place)
    {
        ref var link = ref _links[place];
        var (next, previous) = (link.Next, link.Previous);
        if (next == 0)
        {
            return false;
        }

        link = default;
        if (previous < 0)
        {
            _heads[-previous - 1] = Math.Max(next, 0);
        }
        else
        {
            _links[previous - 1].Next = next;
        }

        if (next < 0)
        {
            _tails[-next - 1] = Math.Max(previous, 0);
        }
        else
        {
            _links[next - 1].Previous = previous;
        }

        return true;
    }

    private struct Link
    {
        public int Next;
        public int Previous;
    }
}
