using System.CommandLine;
using System.Text.Json;
using Appliance.Analysis;
using Appliance.Router.Flows;

namespace Appliance.Commands;

/// <summary>`appliance analyze FILE`: the whole path over a capture, without a server.</summary>
internal static class AnalyzeCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "Capture file, pcap or pcapng." };
        var flows = new Option<string?>("--flows") { Description = "Write every flow to this CSV file." };
        var alerts = new Option<string?>("--alerts") { Description = "Write alerts to this file, one JSON object a line; default: standard output." };
        var format = CommonOptions.Format();
        var command = new Command("analyze", "Find attacks in a capture file.") { file, flows, alerts, format };
        command.SetAction((parsed, token) => Task.FromResult(Run(
            parsed.GetValue(file)!, parsed.GetValue(flows), parsed.GetValue(alerts), parsed.GetValue(format), token)));
        return command;
    }

    private static int Run(string file, string? flowsPath, string? alertsPath, OutputFormat format, CancellationToken token)
    {
        var analysis = new CaptureAnalysis(TimeProvider.System);
        var summary = Analyze(analysis, file, flowsPath, token);
        using (var lines = alertsPath is null ? Console.Out : new StreamWriter(Create(alertsPath)))
        {
            foreach (var alert in analysis.Alerts)
            {
                lines.WriteLine(AlertLines.Of(alert).ToJson());
            }

            if (format == OutputFormat.Json)
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(summary, AnalysisSummaryJson.Default.AnalysisSummary));
            }
        }

        if (format == OutputFormat.Table)
        {
            Console.Error.WriteLine(FormattableString.Invariant(
                $"{summary.Packets:N0} packets, {summary.Flows:N0} flows, {summary.Alerts} alerts in {summary.Seconds:0.00} s"));
        }

        if (summary.Error is null)
        {
            return CommandLine.Done;
        }

        Console.Error.WriteLine(summary.Error);
        return CommandLine.Failed;
    }

    private static AnalysisSummary Analyze(CaptureAnalysis analysis, string file, string? flowsPath, CancellationToken token)
    {
        using var stream = flowsPath is null ? null : Create(flowsPath);
        using var csv = stream is null ? null : new FlowCsv(stream);
        AnalysisProgress? progress = null;
        try
        {
            return analysis.Run(
                file,
                csv,
                path => progress = new AnalysisProgress(Console.Error, !Console.IsErrorRedirected, path, Length(file), TimeProvider.System),
                token);
        }
        finally
        {
            progress?.Dispose();
        }
    }

    private static long Length(string file) => File.Exists(file) ? new FileInfo(file).Length : 0;

    private static FileStream Create(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"{path} cannot be written: {error.Message}", error);
        }
    }
}
