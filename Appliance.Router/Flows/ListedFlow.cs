namespace Appliance.Router.Flows;

/// <summary>A flow of the table with the number that orders flows by their beginning.</summary>
public readonly record struct ListedFlow(long Ordinal, Flow Flow);
