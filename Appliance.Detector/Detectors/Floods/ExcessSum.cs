namespace Appliance.Detector.Detectors.Floods;

/// <summary>One-sided CUSUM (Page 1954) over buckets of 100 ms: what came above the bearable rate and was not worked off.</summary>
internal struct ExcessSum
{
    public const long Bucket = 100_000_000;

    private const int BucketsPerSecond = 10;

    private double _sum;
    private double _current;
    private double _last;
    private long _bucket;

    /// <summary>What came in the fuller of the last two buckets, a second.</summary>
    public readonly double Rate => Math.Max(_current, _last) * BucketsPerSecond;

    /// <summary>Adds and tells the excess by then; the running bucket bears as much as a whole one.</summary>
    public double Add(double amount, in FloodLimit limit, long time)
    {
        Close(limit, time);
        _current += amount;
        return Excess(limit);
    }

    public double Settle(in FloodLimit limit, long time)
    {
        Close(limit, time);
        return Excess(limit);
    }

    private readonly double Excess(in FloodLimit limit) => Math.Max(0, _sum + _current - (limit.Rate / BucketsPerSecond));

    private void Close(in FloodLimit limit, long time)
    {
        var bucket = time / Bucket;
        var passed = bucket - _bucket;
        if (passed <= 0)
        {
            return;
        }

        // Twice the alarm is remembered and no more, so that a flood is over some seconds after its last packet.
        _sum = Math.Min(Excess(limit), 2 * limit.Excess);
        _last = passed == 1 ? _current : 0;
        _current = 0;
        _sum = Math.Max(0, _sum - ((passed - 1) * limit.Rate / BucketsPerSecond));
        _bucket = bucket;
    }
}
