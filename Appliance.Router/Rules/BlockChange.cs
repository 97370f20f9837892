namespace Appliance.Router.Rules;

/// <summary>A block as it now is, or as it was when it ended.</summary>
public sealed record BlockChange(Block Block, EndCause? EndCause);
