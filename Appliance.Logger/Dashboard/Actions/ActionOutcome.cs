namespace Appliance.Logger.Dashboard.Actions;

/// <summary>What became of a click, in a sentence for whoever clicked.</summary>
public sealed record ActionOutcome(bool Done, string Text);
