using Appliance.Hosting;

namespace Appliance.Logger.Site;

/// <summary>One role of the site; since is when the condition last changed.</summary>
internal sealed record NodeState(Role Role, NodeCondition Condition, DateTimeOffset Since, IReadOnlyList<NodePart> Parts);
