using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Rules.Changes;

/// <summary>A wish for a new rule; repeating a request id of the same creator returns the first rule, empty means no repeat is expected.</summary>
internal sealed record RuleRequest(PolicyRule Rule, string Creator, string RequestId);
