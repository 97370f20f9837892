namespace Appliance.Logger.Fanout;

/// <summary>One role in the summary.</summary>
internal sealed record SummaryNode(string Role, string State, DateTimeOffset Since);
