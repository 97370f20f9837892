using Appliance.Hosting.Errors;

namespace Appliance.Router.Rules.Policy;

/// <summary>Finds what is wrong with a rule's own fields.</summary>
internal static class RuleCheck
{
    public const int MaxRate = 1_000_000;
    private const int MaxOrder = 1_000_000;

    public static IEnumerable<FieldFault> FaultsOf(PolicyRule rule, string path)
    {
        if (!PolicyNames.IsWord(rule.Id))
        {
            yield return new FieldFault($"{path}.id", $"is '{rule.Id}'; use 1 to 32 of a-z, 0-9, '-' and '_'");
        }

        if (rule.Name.Length > PolicyNames.MaxNameLength)
        {
            yield return new FieldFault($"{path}.name", $"has {rule.Name.Length} characters; at most {PolicyNames.MaxNameLength} are kept");
        }

        if (rule.Name.Any(char.IsControl))
        {
            yield return new FieldFault($"{path}.name", "has control characters; write it in one line of text");
        }

        if (rule.Order is < 0 or > MaxOrder)
        {
            yield return new FieldFault($"{path}.order", $"is {rule.Order}; give 0 to {MaxOrder}, negative numbers are those of built-in rules");
        }

        if (rule.ForwardTo is not null && rule.Action != RuleAction.Forward)
        {
            yield return new FieldFault($"{path}.forward_to", $"is '{rule.ForwardTo}', and the action is {rule.Action}; leave it empty or make the action ACTION_FORWARD");
        }

        if (rule.TranslateTo is not null && rule.Action != RuleAction.SourceNat)
        {
            yield return new FieldFault($"{path}.translate_to", $"is '{rule.TranslateTo}', and the action is {rule.Action}; leave it empty or make the action ACTION_SOURCE_NAT");
        }
    }
}
