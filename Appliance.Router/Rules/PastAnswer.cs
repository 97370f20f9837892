namespace Appliance.Router.Rules;

/// <summary>A block that once answered an alert; no end cause means that it still stands.</summary>
public sealed record PastAnswer(Block Block, EndCause? EndCause);
