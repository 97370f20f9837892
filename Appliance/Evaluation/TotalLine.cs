namespace Appliance.Evaluation;

/// <summary>The last line of `evaluate --format json`.</summary>
internal sealed record TotalLine(EvaluationTotal Total);
