using System.Threading.Channels;
using Appliance.Hosting.Errors;
using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Rules.Changes;

/// <summary>Those who watch the candidate; its owner calls one at a time.</summary>
internal sealed class CandidateReaders
{
    // Two imports of a full policy fit; a watcher that is further behind is not reading, and starts again from a snapshot.
    private const int MaxPending = 4096;

    private readonly HashSet<CandidateWatch> _watches = [];

    public CandidateWatch Add(IReadOnlyList<PolicyRule> snapshot, Action<CandidateWatch> leave)
    {
        var queue = Channel.CreateBounded<RuleChange>(new BoundedChannelOptions(MaxPending) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
        var watch = new CandidateWatch(snapshot, queue, leave);
        _watches.Add(watch);
        return watch;
    }

    public void Remove(CandidateWatch watch) => _watches.Remove(watch);

    /// <summary>Tells what is new, changed or gone.</summary>
    public void Tell(FirewallPolicy before, FirewallPolicy after)
    {
        var known = before.Rules.ToDictionary(rule => rule.Id, PolicyWire.EtagOf, StringComparer.Ordinal);
        var present = after.Rules.Select(rule => rule.Id).ToHashSet(StringComparer.Ordinal);
        var changed = after.Rules.Where(rule => !known.TryGetValue(rule.Id, out var etag) || etag != PolicyWire.EtagOf(rule)).Select(rule => new RuleChange(rule.Id, rule));
        foreach (var change in known.Keys.Where(id => !present.Contains(id)).Select(id => new RuleChange(id, null)).Concat(changed).ToList())
        {
            foreach (var watch in _watches.Where(watch => !watch.Queue.Writer.TryWrite(change)).ToList())
            {
                watch.Queue.Writer.TryComplete(new LimitExceededException("SLOW_READER", $"More than {MaxPending} changes were waiting to be read; watch again from a snapshot."));
                _watches.Remove(watch);
            }
        }
    }
}
