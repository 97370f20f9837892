using System.CommandLine;
using System.Text.Json;
using Appliance.Evaluation;
using Appliance.Evaluation.Windows;

namespace Appliance.Commands;

/// <summary>`appliance evaluate MANIFEST.tsv`: how well a corpus is detected, beside three baselines.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var manifest = new Argument<string>("MANIFEST") { Description = "Tab-separated list of captures: file, label, expect, and time_window where known." };
        var format = CommonOptions.Format();
        var command = new Command("evaluate", "Measure detection, time to detect and false alarms over labelled captures.") { manifest, format };
        command.SetAction((parsed, token) => Task.FromResult(Run(
            parsed.GetValue(manifest)!, parsed.GetValue(format), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, token)));
        return command;
    }

    private static int Run(string path, OutputFormat format, TextWriter output, TextWriter error, CancellationToken token)
    {
        var entries = Manifest.Read(path);
        var table = format == OutputFormat.Table ? new EvaluationTable(output, entries.Max(entry => entry.File.Length)) : null;
        var verdicts = new List<CaptureVerdict>();
        var detections = new List<Detection>();
        int attacks = 0, missing = 0, damaged = 0;
        using var progress = new EvaluationProgress(error, !Console.IsErrorRedirected, entries.Count, TimeProvider.System);
        table?.WriteHeader();
        foreach (var entry in entries)
        {
            progress.Next(entry.File);
            if (!File.Exists(entry.Path))
            {
                Tell($"{entry.Path} of {path} is not there; put it back or take its line out.");
                missing++;
                continue;
            }

            var trial = new CaptureTrial();
            var verdict = trial.Run(entry, token);
            verdicts.Add(verdict);
            detections.AddRange(trial.Detection is { } detection ? [detection] : []);
            attacks += entry.Expectation.IsAttack ? 1 : 0;
            if (trial.Fault is { } fault)
            {
                Tell(fault);
                damaged++;
            }

            progress.Clear();
            table?.Write(verdict);
            Json(table is null, () => JsonSerializer.Serialize(verdict, EvaluationJson.Default.CaptureVerdict));
        }

        var windows = new WindowEvaluation(entries, progress.Show, token).Run();
        progress.Clear();
        var total = EvaluationTotal.Of(verdicts, detections, attacks, missing, windows);
        table?.Write(total);
        Json(table is null, () => JsonSerializer.Serialize(new TotalLine(total), EvaluationJson.Default.TotalLine));
        return missing + damaged == 0 ? CommandLine.Done : CommandLine.Failed;

        void Tell(string fault)
        {
            progress.Clear();
            error.WriteLine(fault);
        }

        void Json(bool isWanted, Func<string> line)
        {
            if (isWanted)
            {
                output.WriteLine(line());
            }
        }
    }
}
