namespace Appliance.Router.Decoding.Facts;

/// <summary>How much is read for facts in each second of the capture's clock, so that a flood of messages is not also one of facts.</summary>
internal sealed class FactBudget(int perSecond)
{
    private const long Second = 1_000_000_000;
    private long _end = long.MinValue;
    private int _left;

    /// <summary>Times that nothing was left.</summary>
    public long RefusedCount { get; private set; }

    public bool TrySpend(long time, int cost)
    {
        if (time >= _end)
        {
            _end = time + Second;
            _left = perSecond;
        }

        if (_left < cost)
        {
            RefusedCount++;
            return false;
        }

        _left -= cost;
        return true;
    }
}
