using System.Net;

namespace Appliance.Router.Rules.Policy;

/// <summary>One rule that people wrote.</summary>
public sealed record PolicyRule(string Id, string Name, int Order, RuleMatch Match, RuleAction Action)
{
    public bool IsDisabled { get; init; }

    /// <summary>Matches are logged, rate-limited.</summary>
    public bool IsLogged { get; init; }

    /// <summary>For <see cref="RuleAction.Forward"/>: an IPv4 address; a port of 0 keeps the packet's own.</summary>
    public IPEndPoint? ForwardTo { get; init; }

    /// <summary>For <see cref="RuleAction.SourceNat"/>: an IPv4 address.</summary>
    public IPAddress? TranslateTo { get; init; }
}
