using Appliance.Router.Decoding;

namespace Appliance.Router.Devices.Conflicts;

/// <summary>Holdings in a fixed room; when it is full one that has long been silent gives way, a router's last.</summary>
internal sealed class HoldingTable(int capacity)
{
    // The stalest of a few is as good as that of all within a few per cent.
    private const int SampleCount = 16;

    private readonly Dictionary<AddressKey, int> _places = new(capacity);
    private readonly Holding[] _holdings = new Holding[capacity];
    private int _hand;

    public int Count => _places.Count;

    /// <summary>The holding of an address; a new one without a holder when there is none.</summary>
    public ref Holding this[AddressKey key]
    {
        get
        {
            if (!_places.TryGetValue(key, out var place))
            {
                place = _places.Count < capacity ? _places.Count : GiveUp();
                _places.Add(key, place);
                _holdings[place] = new Holding { Key = key };
            }

            return ref _holdings[place];
        }
    }

    /// <summary>Who has the address; empty when that is not known.</summary>
    public MacAddress HolderOf(AddressKey key) => _places.TryGetValue(key, out var place) ? _holdings[place].Holder : default;

    private int GiveUp()
    {
        var stalest = _hand;
        for (var i = 0; i < SampleCount; i++)
        {
            _hand = (_hand + 1) % capacity;
            if (IsStaler(_holdings[_hand], _holdings[stalest]))
            {
                stalest = _hand;
            }
        }

        _places.Remove(_holdings[stalest].Key);
        return stalest;
    }

    private static bool IsStaler(in Holding holding, in Holding than) =>
        holding.IsRouter == than.IsRouter ? holding.LastSeen < than.LastSeen : than.IsRouter;
}
