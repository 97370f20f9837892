using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Appliance.Detector.Models;
using Appliance.Detector.Training;
using Appliance.Hosting.Errors;
using Appliance.Training;

namespace Appliance.Commands;

/// <summary>`appliance train CAPTURE…`: a model of what is normal in benign captures, the same bytes for the same input.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var captures = new Argument<string[]>("CAPTURE")
        {
            Description = "Benign captures, folders of them, a MANIFEST.tsv (its benign rows), or window files.",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string>("--output", "-o") { Description = "Write the model to this ONNX file.", Required = true };
        var windows = new Option<string?>("--windows") { Description = "Also write the device windows of the capture to this file; train takes it in place of the capture." };
        var seed = new Option<ulong>("--seed") { Description = "Where the first weights come from.", DefaultValueFactory = _ => new TrainingOptions().Seed };
        var epochs = new Option<int>("--epochs") { Description = "Passes over the windows.", DefaultValueFactory = _ => new TrainingOptions().Epochs };
        epochs.Validators.Add(result =>
        {
            // What is no number has its own message.
            if (result.Tokens is [var only] && long.TryParse(only.Value, out var number) && number is < TrainingOptions.FewestEpochs or > TrainingOptions.MostEpochs)
            {
                result.AddError($"--epochs is {only.Value}; it takes {TrainingOptions.FewestEpochs} to {TrainingOptions.MostEpochs}.");
            }
        });
        var format = CommonOptions.Format();
        var command = new Command("train", "Learn what is normal from benign captures.") { captures, output, windows, seed, epochs, format };
        command.SetAction((parsed, token) => Task.FromResult(Run(
            parsed.GetValue(captures)!,
            new TrainingTargets(parsed.GetValue(output)!, parsed.GetValue(windows)),
            new TrainingOptions { Seed = parsed.GetValue(seed), Epochs = parsed.GetValue(epochs) },
            parsed.GetValue(format),
            token)));
        return command;
    }

    private static int Run(string[] names, TrainingTargets targets, TrainingOptions options, OutputFormat format, CancellationToken token)
    {
        var clock = TimeProvider.System;
        var begin = clock.GetTimestamp();
        using var report = new TrainingReport(Console.Error, !Console.IsErrorRedirected, clock);
        var captures = Read(names, report, token);
        targets.WriteWindows(captures);
        var loss = 0.0;
        var model = Train(captures, options, Tell, token);
        var file = OnnxWriter.Write(model);
        targets.WriteModel(file);
        report.Dispose();
        Print(format, new TrainingSummary(
            targets.Model,
            Convert.ToHexStringLower(SHA256.HashData(file)),
            captures.Count,
            captures.Sum(capture => capture.Windows.Count),
            model.WeightsCount,
            model.Threshold,
            loss,
            clock.GetElapsedTime(begin).TotalSeconds));
        return CommandLine.Done;

        void Tell(TrainingProgress progress)
        {
            loss = progress.Loss;
            report.Tell(progress.Epoch, progress.Epochs, string.Create(CultureInfo.InvariantCulture, $"epochs, loss {progress.Loss:0.0000}"));
        }
    }

    private static List<TrainingCapture> Read(string[] names, TrainingReport report, CancellationToken token)
    {
        var paths = TrainingInputs.Resolve(names);
        var captures = new List<TrainingCapture>();
        foreach (var path in paths)
        {
            report.Tell(captures.Count, paths.Count, $"captures read, now {path}");
            captures.Add(TrainingInputs.Read(path, token));
        }

        return captures;
    }

    private static Autoencoder Train(List<TrainingCapture> captures, TrainingOptions options, Action<TrainingProgress> onProgress, CancellationToken token)
    {
        try
        {
            return new Trainer(options).Train(captures, onProgress, token);
        }
        catch (InvalidInputException error)
        {
            throw new CommandFailedException(error.Message, error);
        }
    }

    private static void Print(OutputFormat format, TrainingSummary summary) => Console.Out.WriteLine(format == OutputFormat.Json
        ? JsonSerializer.Serialize(summary, TrainingSummaryJson.Default.TrainingSummary)
        : string.Create(
            CultureInfo.InvariantCulture,
            $"""
             model      {summary.Model}
             sha256     {summary.Sha256}
             captures   {summary.Captures}
             windows    {summary.Windows}
             weights    {summary.Weights}
             threshold  {summary.Threshold:0.000}
             loss       {summary.Loss:0.0000}
             seconds    {summary.Seconds:0.0}
             """));
}
