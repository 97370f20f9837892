namespace Appliance.Hosting.Audit;

/// <summary>How many refusals are written down a minute: enough to see who tries what, too few to fill a disk.</summary>
internal sealed class RefusalBudget(TimeProvider clock)
{
    /// <summary>At 300 bytes an entry, a day of nothing but refusals is 26 MB; anybody who can cause them holds a certificate of the site.</summary>
    public const int PerMinute = 60;

    /// <summary>So that one noisy caller does not hide the others.</summary>
    public const int PerCaller = 10;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _turn = new();
    // Holds at most as many callers as were written down in this window.
    private readonly Dictionary<string, int> _callers = new(StringComparer.Ordinal);
    private DateTimeOffset _start;
    private int _taken;
    private long _passedOver;

    /// <summary>True when this one is to be written; with it comes how many were passed over in earlier minutes and are not told of yet.</summary>
    public bool TryTake(string caller, out long passedOver)
    {
        lock (_turn)
        {
            passedOver = 0;
            var now = clock.GetUtcNow();
            if (now - _start >= Window)
            {
                (_start, _taken) = (now, 0);
                _callers.Clear();
                (passedOver, _passedOver) = (_passedOver, 0);
            }

            var before = _callers.GetValueOrDefault(caller);
            if (_taken == PerMinute || before == PerCaller)
            {
                _passedOver++;
                return false;
            }

            (_taken, _callers[caller]) = (_taken + 1, before + 1);
            return true;
        }
    }
}
