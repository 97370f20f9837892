namespace Appliance.Evaluation;

/// <summary>The same totals for what the product must beat.</summary>
internal sealed record BaselineTotals(ScoreTotal Rate, ScoreTotal NewDestination, ScoreTotal Zeek);
