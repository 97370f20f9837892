using Appliance.Hosting.Errors;

namespace Appliance.Router.Rules;

/// <summary>What became of one request: the block, or why there is none.</summary>
public sealed record BlockOutcome(Block? Block, ApplianceException? Refusal);
