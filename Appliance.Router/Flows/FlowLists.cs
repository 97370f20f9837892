namespace Appliance.Router.Flows;

/// <summary>Doubly linked lists over the places of the flow table; each place is in one list at most.</summary>
internal sealed class FlowLists(int placeCount, int listCount)
{
    public const int None = -1;

    // Everything is kept one up, so that zero means none: then pages that no flow has touched cost no memory.
    private readonly Link[] _links = new Link[placeCount];
    private readonly int[] _heads = new int[listCount];
    private readonly int[] _tails = new int[listCount];

    public int First(int list) => _heads[list] - 1;

    public void Append(int list, int place)
    {
        ref var link = ref _links[place];
        link = new Link { List = list + 1, Previous = _tails[list] };
        if (link.Previous == 0)
        {
            _heads[list] = place + 1;
        }
        else
        {
            _links[link.Previous - 1].Next = place + 1;
        }

        _tails[list] = place + 1;
    }

    /// <summary>Takes the place out of the list that it is in; false when it is in none.</summary>
    public bool TryRemove(int place)
    {
        ref var link = ref _links[place];
        if (link.List == 0)
        {
            return false;
        }

        ref var next = ref link.Previous == 0 ? ref _heads[link.List - 1] : ref _links[link.Previous - 1].Next;
        ref var previous = ref link.Next == 0 ? ref _tails[link.List - 1] : ref _links[link.Next - 1].Previous;
        next = link.Next;
        previous = link.Previous;
        link = default;
        return true;
    }

    private struct Link
    {
        public int Next;
        public int Previous;
        public int List;
    }
}
