namespace Appliance.Logger.Site;

/// <summary>The last 15 minutes of traffic, one point a second; lost at a restart.</summary>
internal sealed class TrafficPoints
{
    public const int Capacity = 15 * 60;
    private readonly Lock _lock = new();
    private readonly Queue<TrafficPoint> _points = new(Capacity);

    /// <summary>From the oldest to the newest.</summary>
    public IReadOnlyList<TrafficPoint> Snapshot
    {
        get
        {
            lock (_lock)
            {
                return [.. _points];
            }
        }
    }

    public void Add(TrafficPoint point)
    {
        lock (_lock)
        {
            if (_points.Count == Capacity)
            {
                _points.Dequeue();
            }

            _points.Enqueue(point);
        }
    }
}
