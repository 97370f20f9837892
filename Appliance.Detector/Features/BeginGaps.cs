namespace Appliance.Detector.Features;

/// <summary>Times between the conversations that a device begins, lately: mean and variation.</summary>
internal struct BeginGaps
{
    // About the last eight gaps count.
    private const double Weight = 1.0 / 8;
    private const double NanosecondsPerSecond = 1e9;

    // What was switched off overnight says nothing about its rhythm.
    private const double LongestGap = 600;

    private double _mean;
    private double _variance;
    private long _last;
    private bool _hasMean;
    private bool _hasLast;

    public readonly float Seconds => (float)_mean;

    /// <summary>Standard deviation over mean: 0 for a clock, about 1 for chance, more for bursts.</summary>
    public readonly float Variation => _mean > 0 ? (float)(Math.Sqrt(_variance) / _mean) : 0f;

    public void Begin(long time)
    {
        if (_hasLast)
        {
            Measure(Math.Min(LongestGap, (time - _last) / NanosecondsPerSecond));
        }

        _last = time;
        _hasLast = true;
    }

    private void Measure(double gap)
    {
        if (!_hasMean)
        {
            _mean = gap;
            _hasMean = true;
            return;
        }

        var difference = gap - _mean;
        _mean += Weight * difference;
        _variance = (1 - Weight) * (_variance + (Weight * difference * difference));
    }
}
