namespace Appliance.Router.Rules;

/// <summary>One answer to one offender, or to one flooded target.</summary>
public sealed record Block(
    string Id,
    BlockTarget Target,
    BlockAction Action,
    int PacketsPerSecond,
    string Reason,
    string AlertId,
    string Creator,
    DateTimeOffset CreateTime,
    DateTimeOffset ExpireTime,
    bool IsDryRun)
{
    internal BlockKey Key => new(Target, Action);
}
