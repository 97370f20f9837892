using Appliance.Router.Rules;

namespace Appliance.Router.Response;

/// <summary>One thing to do about an alert.</summary>
public sealed record Answer(BlockTarget Target, BlockAction Action, int PacketsPerSecond);
