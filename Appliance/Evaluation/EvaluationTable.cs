using System.Globalization;

namespace Appliance.Evaluation;

/// <summary>The evaluation for people: a row a capture, then the sums.</summary>
internal sealed class EvaluationTable(TextWriter output, int fileWidth)
{
    private const int ExpectWidth = 24;
    private const int CellWidth = 16;

    public void WriteHeader() => output.WriteLine(Row("FILE", "EXPECT", "APPLIANCE", "RATE", "NEW DESTINATION", "ZEEK"));

    public void Write(CaptureVerdict verdict) => output.WriteLine(Row(
        verdict.File,
        verdict.Expect,
        Cell(verdict.Expect, new Verdict(verdict.Detected, verdict.Category, verdict.TimeToDetectSeconds, verdict.FalseAlarms)),
        Cell(verdict.Expect, verdict.Baselines.Rate),
        Cell(verdict.Expect, verdict.Baselines.NewDestination),
        Cell(verdict.Expect, verdict.Baselines.Zeek)));

    public void Write(EvaluationTotal total)
    {
        var own = new ScoreTotal(total.Detected, total.FalseAlarms, total.MedianTimeToDetectSeconds);
        ScoreTotal[] scores = [own, total.Baselines.Rate, total.Baselines.NewDestination, total.Baselines.Zeek];
        output.WriteLine(Row("detected", Invariant($"of {total.Attacks}"), [.. scores.Select(score => Invariant($"{score.Detected}"))]));
        output.WriteLine(Row("median time to detect", "", [.. scores.Select(score => Seconds(score.MedianTimeToDetectSeconds))]));
        output.WriteLine(Row("false alarms", Invariant($"in {total.Captures}"), [.. scores.Select(score => Invariant($"{score.FalseAlarms}"))]));
    }

    private static string Cell(string expect, Verdict verdict)
    {
        var isBenign = expect is Expectation.Benign or Expectation.HardNegative;
        var word = verdict.Detected ? Seconds(verdict.TimeToDetectSeconds) : isBenign ? "quiet" : "missed";
        if (verdict.FalseAlarms == 0)
        {
            return word;
        }

        return isBenign ? Invariant($"{verdict.FalseAlarms} false") : Invariant($"{word}, {verdict.FalseAlarms} false");
    }

    private static string Seconds(double? seconds) => seconds is { } known ? Invariant($"{known:0.00} s") : "-";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private string Row(string file, string expect, params string[] cells) =>
        $"{file.PadRight(fileWidth)}  {expect.PadRight(ExpectWidth)}  {string.Join("  ", cells.Select(cell => cell.PadRight(CellWidth)))}".TrimEnd();
}
