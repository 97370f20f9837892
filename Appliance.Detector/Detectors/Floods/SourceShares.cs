using System.Runtime.CompilerServices;
using Appliance.Detector.Flows;

namespace Appliance.Detector.Detectors.Floods;

/// <summary>Who sends how much of a flood: the frequent sources of Misra and Gries (1982) with four counters, and the MAC.</summary>
/// <remarks>A count is too low by at most a fifth of the total: a source of 70 % is always seen to have half, one of less than half never.</remarks>
internal struct SourceShares
{
    private const int Counters = 4;

    private Addresses _addresses;
    private Counts _counts;
    private double _total;
    private MacAddress _mac;
    private bool _hasManyMacs;

    public UInt128 First { get; private set; }

    public MacAddress Mac => _hasManyMacs ? default : _mac;

    public void Add(UInt128 source, MacAddress mac, double amount)
    {
        if (_total == 0)
        {
            (First, _mac) = (source, mac);
        }

        _total += amount;
        _hasManyMacs |= mac != _mac;
        var lowest = 0;
        for (var i = 0; i < Counters; i++)
        {
            if (_counts[i] > 0 && _addresses[i] == source)
            {
                _counts[i] += amount;
                return;
            }

            lowest = _counts[i] < _counts[lowest] ? i : lowest;
        }

        var taken = Math.Min(_counts[lowest], amount);
        for (var i = 0; i < Counters; i++)
        {
            _counts[i] -= taken;
        }

        if (amount > taken)
        {
            _addresses[lowest] = source;
            _counts[lowest] = amount - taken;
        }
    }

    public bool TryGetDominant(out UInt128 source)
    {
        for (var i = 0; i < Counters; i++)
        {
            if (_counts[i] >= _total / 2 && _total > 0)
            {
                source = _addresses[i];
                return true;
            }
        }

        source = default;
        return false;
    }

    [InlineArray(Counters)]
    private struct Addresses
    {
        private UInt128 _first;
    }

    [InlineArray(Counters)]
    private struct Counts
    {
        private double _first;
    }
}
