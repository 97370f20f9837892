using System.Globalization;
using Appliance.Evaluation.Windows;

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
        Write(total.TimeToDetect);
        if (total.Windows is { } windows)
        {
            Write(windows);
        }
    }

    private void Write(IReadOnlyList<SpeedTotal> speeds)
    {
        output.WriteLine();
        output.WriteLine(Row("TIME TO DETECT", "", "MEDIAN", "MOST", "MARK", "WITHIN"));
        foreach (var speed in speeds)
        {
            output.WriteLine(Row(
                speed.Category,
                speed.Unit,
                Invariant($"{speed.Median:0.##}"),
                Invariant($"{speed.Most:0.##}"),
                Invariant($"{speed.Mark:0.##}"),
                Invariant($"{speed.Within} of {speed.Captures}")));
        }
    }

    private void Write(WindowTotal windows)
    {
        output.WriteLine();
        output.WriteLine(Invariant(
            $"Share of attacked 10 s windows found at one false alarm in 1000 of {windows.BenignWindows} benign ones; attacks over {windows.Bed}, {windows.BedPacketsPerSecond:0.#} packets/s"));
        output.WriteLine(Row("ATTACK AT SHARE OF BENIGN RATE", "WINDOWS", "APPLIANCE", "RATE", "NEW DESTINATION", "ZEEK"));
        foreach (var overlay in windows.Overlays)
        {
            output.WriteLine(Row(
                overlay.Share is { } share ? Invariant($"{overlay.Category} at {share * 100:0} %") : $"{overlay.Category} as recorded",
                Invariant($"{overlay.Windows}"),
                [.. new[] { overlay.Appliance, overlay.Rate, overlay.NewDestination, overlay.Zeek }.Select(found => Invariant($"{found:0.000}"))]));
        }
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
