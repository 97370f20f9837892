using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Rules.Changes;

/// <summary>A rule of the candidate as it now is; null when it left.</summary>
internal sealed record RuleChange(string Id, PolicyRule? Rule);
