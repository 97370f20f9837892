namespace Appliance.Router.Network;

/// <summary>So many lines a minute; the rest is counted.</summary>
internal sealed class LineBudget(int linesPerMinute, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private readonly Lock _turn = new();
    private long _since = clock.GetTimestamp();
    private int _taken;
    private int _passedOver;

    /// <summary>Whether a line may be written, and how many have been passed over before it.</summary>
    public bool TryTake(out int passedOver)
    {
        lock (_turn)
        {
            var now = clock.GetTimestamp();
            if (clock.GetElapsedTime(_since, now) >= Interval)
            {
                _since = now;
                _taken = 0;
            }

            passedOver = 0;
            if (_taken >= linesPerMinute)
            {
                _passedOver++;
                return false;
            }

            _taken++;
            (passedOver, _passedOver) = (_passedOver, 0);
            return true;
        }
    }
}
