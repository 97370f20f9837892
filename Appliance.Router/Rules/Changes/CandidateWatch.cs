using System.Threading.Channels;
using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Rules.Changes;

/// <summary>The candidate's rules of one moment, and every change since; a reader that falls behind is cut off.</summary>
internal sealed class CandidateWatch(IReadOnlyList<PolicyRule> snapshot, Channel<RuleChange> changes, Action<CandidateWatch> leave) : IDisposable
{
    public IReadOnlyList<PolicyRule> Snapshot => snapshot;

    public ChannelReader<RuleChange> Changes => changes.Reader;

    public Channel<RuleChange> Queue => changes;

    public void Dispose() => leave(this);
}
