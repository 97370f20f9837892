namespace Appliance.Evaluation;

/// <summary>The same verdict for what the product must beat.</summary>
internal sealed record BaselineVerdicts(Verdict Rate, Verdict NewDestination, Verdict Zeek);
