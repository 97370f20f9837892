namespace Appliance.Detector.Detectors.Floods;

/// <summary>One-sided CUSUM (Page 1954) over buckets of 100 ms: what came above the bearable rate and was not worked off.</summary>
internal struct ExcessSum
{
    public const long Bucket = 100_000_000;

    private const int BucketsPerSecond = 10;

    private double _sum;
    private double _current;
    private double _last;
    private double _drained;
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

    /// <summary>Adds what came evenly over a time that ends now.</summary>
    /// <remarks>
    /// It counts by what it adds to one bucket, or by what it exceeded over its whole time where that is more: 4096 packets
    /// in 41 s are no burst. What the sum has lost meanwhile, since nothing was told, is given back.
    /// </remarks>
    public double AddSpread(double amount, long nanoseconds, in FloodLimit limit, long time)
    {
        Close(limit, time);
        var buckets = Math.Max(1, (double)nanoseconds / Bucket);
        var borne = (buckets - 1) * limit.Rate / BucketsPerSecond;
        _current += Math.Max(amount / buckets, amount - borne + Math.Min(_drained, borne));
        _drained = 0;
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
        _drained = Math.Min(_sum, (passed - 1) * limit.Rate / BucketsPerSecond);
        _sum -= _drained;
        _bucket = bucket;
    }
}
