using Appliance.Evaluation.Windows;

namespace Appliance.Evaluation;

/// <summary>The whole corpus in one line.</summary>
/// <param name="Captures">Those that were read, wholly or in part.</param>
/// <param name="Attacks">Those of them with an attack.</param>
/// <param name="Missing">Named in the manifest and not there.</param>
/// <param name="Detected">Attack captures that were called.</param>
/// <param name="FalseAlarms">Over all captures.</param>
/// <param name="MedianTimeToDetectSeconds">Over the detected ones; null without any.</param>
/// <param name="Baselines">The same for what the product must beat.</param>
/// <param name="TimeToDetect">How soon, for each category with a mark.</param>
/// <param name="Windows">Over ten-second windows; null where the list gives nothing to lay attacks over.</param>
internal sealed record EvaluationTotal(
    int Captures,
    int Attacks,
    int Missing,
    int Detected,
    int FalseAlarms,
    double? MedianTimeToDetectSeconds,
    BaselineTotals Baselines,
    IReadOnlyList<SpeedTotal> TimeToDetect,
    WindowTotal? Windows)
{
    public static EvaluationTotal Of(
        IReadOnlyList<CaptureVerdict> verdicts, IReadOnlyList<Detection> detections, int attacks, int missing, WindowTotal? windows)
    {
        var own = ScoreTotal.Of(verdicts.Select(verdict => (verdict.Detected, verdict.TimeToDetectSeconds, verdict.FalseAlarms)));
        return new EvaluationTotal(
            verdicts.Count,
            attacks,
            missing,
            own.Detected,
            own.FalseAlarms,
            own.MedianTimeToDetectSeconds,
            new BaselineTotals(Of(baselines => baselines.Rate), Of(baselines => baselines.NewDestination), Of(baselines => baselines.Zeek)),
            SpeedTotal.Of(detections),
            windows);

        ScoreTotal Of(Func<BaselineVerdicts, Verdict> one) => ScoreTotal.Of(verdicts
            .Select(verdict => one(verdict.Baselines))
            .Select(verdict => (verdict.Detected, verdict.TimeToDetectSeconds, verdict.FalseAlarms)));
    }
}
