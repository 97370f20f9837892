using System.Runtime.CompilerServices;
using Appliance.Detector.Flows;

namespace Appliance.Detector.Detectors.Floods;

/// <summary>What one destination receives that nobody asked for.</summary>
internal sealed class FloodTarget
{
    private Sums _sums;
    private SourceShares _shares;
    private UInt128 _confirmedSource;
    private long _nextCheck;
    private double _untold;
    private double _told;

    public PortSpread Ports { get; } = new();

    /// <summary>Set at the first finding of an episode, so that its alert stays one.</summary>
    public Service? Service { get; set; }

    public long FirstTime { get; private set; }

    public long NextTellTime { get; set; }

    /// <summary>As much came untold as was told of: worth telling although the last finding is of this very moment.</summary>
    public bool HasDoubled => _told > 0 && _untold >= _told;

    public ref readonly SourceShares Shares => ref _shares;

    public double Add(FloodKind kind, double amount, in FloodLimit limit, long time) => _sums[(int)kind].Add(amount, limit, time);

    public double AddSpread(FloodKind kind, double amount, long nanoseconds, in FloodLimit limit, long time) =>
        _sums[(int)kind].AddSpread(amount, nanoseconds, limit, time);

    public double RateOf(FloodKind kind) => _sums[(int)kind].Rate;

    public void Blame(in Flow flow, double amount)
    {
        _shares.Add(flow.Key.Source, flow.SourceMac, amount);
        _untold += amount;
    }

    public void Confirm(UInt128 source) => _confirmedSource = source;

    public bool IsConfirmed(UInt128 source) => _confirmedSource != UInt128.Zero && _confirmedSource == source;

    public long TakeUntold()
    {
        var untold = (long)Math.Max(1, Math.Round(_untold));
        _told += _untold;
        _untold = 0;
        return untold;
    }

    /// <summary>Starts a new episode once a bucket ends with everything worked off.</summary>
    public void ForgetIfQuiet(FloodLimit[] limits, long time)
    {
        if (time < _nextCheck)
        {
            return;
        }

        _nextCheck = time + ExcessSum.Bucket;
        for (var i = 0; i < limits.Length; i++)
        {
            if (_sums[i].Settle(limits[i], time) > 0)
            {
                return;
            }
        }

        Clear();
        FirstTime = time;
    }

    /// <summary>Forgets its destination.</summary>
    public void Reset()
    {
        Clear();
        _sums = default;
        (_nextCheck, NextTellTime, FirstTime) = (0, 0, 0);
    }

    private void Clear()
    {
        Ports.Clear();
        _shares = default;
        (_untold, _told) = (0, 0);
        _confirmedSource = default;
        Service = null;
    }

    [InlineArray((int)FloodKind.Spread + 1)]
    private struct Sums
    {
        private ExcessSum _first;
    }
}
