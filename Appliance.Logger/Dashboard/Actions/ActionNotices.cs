namespace Appliance.Logger.Dashboard.Actions;

/// <summary>What became of each session's last click, for a short while; in memory, so that no link can put words in our mouth.</summary>
internal sealed class ActionNotices(TimeProvider clock)
{
    internal const int Capacity = 256;

    // From the moment that a page first shows it: on a busy machine that can be a while after the click.
    private static readonly TimeSpan Shown = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Notice> _last = [];

    public void Say(string session, ActionOutcome outcome)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            foreach (var old in _last.Where(entry => now >= entry.Value.End).Select(entry => entry.Key).ToArray())
            {
                _last.Remove(old);
            }

            if (_last.Count == Capacity)
            {
                _last.Remove(_last.MinBy(entry => entry.Value.End).Key);
            }

            _last[session] = new Notice(outcome, now + Kept, IsSeen: false);
        }
    }

    public ActionOutcome? Of(string session)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            if (!_last.TryGetValue(session, out var notice) || now >= notice.End)
            {
                return null;
            }

            if (!notice.IsSeen)
            {
                _last[session] = notice with { End = now + Shown, IsSeen = true };
            }

            return notice.Outcome;
        }
    }

    private readonly record struct Notice(ActionOutcome Outcome, DateTimeOffset End, bool IsSeen);
}
