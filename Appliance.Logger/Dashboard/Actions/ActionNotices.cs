namespace Appliance.Logger.Dashboard.Actions;

/// <summary>What became of each session's last click, for a short while; in memory, so that no link can put words in our mouth.</summary>
internal sealed class ActionNotices(TimeProvider clock)
{
    internal const int Capacity = 256;

    private static readonly TimeSpan Shown = TimeSpan.FromSeconds(20);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (ActionOutcome Outcome, DateTimeOffset Time)> _last = [];

    public void Say(string session, ActionOutcome outcome)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            foreach (var old in _last.Where(entry => now - entry.Value.Time >= Shown).Select(entry => entry.Key).ToArray())
            {
                _last.Remove(old);
            }

            if (_last.Count == Capacity)
            {
                _last.Remove(_last.MinBy(entry => entry.Value.Time).Key);
            }

            _last[session] = (outcome, now);
        }
    }

    public ActionOutcome? Of(string session)
    {
        lock (_lock)
        {
            return _last.TryGetValue(session, out var last) && clock.GetUtcNow() - last.Time < Shown ? last.Outcome : null;
        }
    }
}
