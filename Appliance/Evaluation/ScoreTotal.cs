namespace Appliance.Evaluation;

/// <summary>How one way of detecting did on the whole corpus.</summary>
/// <param name="Detected">Attack captures that were called.</param>
/// <param name="FalseAlarms">Over all captures.</param>
/// <param name="MedianTimeToDetectSeconds">Over the detected ones; null without any.</param>
internal sealed record ScoreTotal(int Detected, int FalseAlarms, double? MedianTimeToDetectSeconds)
{
    public static ScoreTotal Of(IEnumerable<(bool Detected, double? Seconds, int FalseAlarms)> verdicts)
    {
        var all = verdicts.ToArray();
        var times = all.Where(verdict => verdict.Detected).Select(verdict => verdict.Seconds!.Value).Order().ToArray();
        return new ScoreTotal(times.Length, all.Sum(verdict => verdict.FalseAlarms), times.Length == 0 ? null : times[times.Length / 2]);
    }
}
