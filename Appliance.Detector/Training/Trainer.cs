using System.Globalization;
using Appliance.Detector.Features;
using Appliance.Detector.Models;
using Appliance.Hosting.Errors;

namespace Appliance.Detector.Training;

/// <summary>Makes a model of normal device windows.</summary>
/// <remarks>
/// The last quarter of each capture calibrates and is never learned. What is learned may be poisoned: after each of the
/// first two thirds of the epochs the windows with the largest 2 % of errors are dropped. The scores of the calibration
/// windows give p-values and threshold. One thread, no clock, no platform mathematics: the same windows, options and
/// program give the same bytes.
/// </remarks>
public sealed class Trainer(TrainingOptions options)
{
    /// <summary>Fewer windows than this say nothing about what is normal.</summary>
    public const int FewestWindows = 40;

    private const int Rounds = 3;
    private const double DroppedShare = 0.02;
    private const int CalibrationDivisor = 4;
    private const float InputLimit = 4;

    // 2045 weights: small enough to run anywhere in a microsecond, and to learn from an hour.
    private static readonly int[] Hidden = [16, 6, 16];

    /// <param name="captures">Benign captures.</param>
    /// <param name="onProgress">Is told of each epoch.</param>
    /// <param name="token">Ends the training early.</param>
    public Autoencoder Train(IReadOnlyList<TrainingCapture> captures, Action<TrainingProgress> onProgress, CancellationToken token)
    {
        var learned = captures.SelectMany(capture => capture.Windows.Take(Split(capture))).Select(window => window.Values).ToArray();
        var calibrating = captures.SelectMany(capture => capture.Windows.Skip(Split(capture))).Select(window => window.Values).ToArray();
        if (learned.Length + calibrating.Length < FewestWindows)
        {
            throw new InvalidInputException(
                "captures", $"they hold {learned.Length + calibrating.Length} device windows, training takes at least {FewestWindows}; add longer benign captures");
        }

        var scaling = Scaling.Of(learned);
        var unjudged = new Autoencoder
        {
            SchemaVersion = FeatureSchema.Version,
            Features = [.. FeatureSchema.Names],
            Offsets = scaling.Offsets,
            Scales = scaling.Scales,
            InputLimit = InputLimit,
            Layers = [],
            Threshold = float.MaxValue,
            Calibration = Calibration.FromScores([0]),
            Provenance = Provenance(captures, learned.Length, calibrating.Length),
            Created = LastTime(captures),
        };
        var network = Learn(learned.Select(values => Scaled(unjudged, values)).ToArray(), onProgress, token);
        return Judge(unjudged with { Layers = network.ToLayers() }, calibrating);
    }

    private static int Split(TrainingCapture capture) => capture.Windows.Count - (capture.Windows.Count / CalibrationDivisor);

    private static double[] Scaled(Autoencoder model, float[] values)
    {
        var scaled = new float[values.Length];
        new PlainScorer(model).Scale(values, scaled);
        return [.. scaled.Select(value => (double)Math.Clamp(value, -InputLimit, InputLimit))];
    }

    private Network Learn(double[][] windows, Action<TrainingProgress> onProgress, CancellationToken token)
    {
        var random = new RandomSequence(options.Seed);
        var network = new Network([FeatureSchema.Count, .. Hidden, FeatureSchema.Count], random);
        var kept = windows;
        for (var epoch = 0; epoch < options.Epochs; epoch++)
        {
            token.ThrowIfCancellationRequested();
            if (epoch > 0 && epoch % Math.Max(1, options.Epochs / Rounds) == 0 && epoch < options.Epochs / Rounds * Rounds)
            {
                kept = DropStrangest(network, kept);
            }

            onProgress(new TrainingProgress(epoch + 1, options.Epochs, LearnOnce(network, kept, random)));
        }

        return network;
    }

    private double LearnOnce(Network network, double[][] windows, RandomSequence random)
    {
        var order = new int[windows.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        random.Shuffle(order);
        var loss = 0.0;
        for (var i = 0; i < order.Length; i += options.BatchSize)
        {
            var batch = order.AsSpan(i, Math.Min(options.BatchSize, order.Length - i));
            foreach (var index in batch)
            {
                loss += network.Learn(windows[index]);
            }

            network.Step(options.LearningRate, batch.Length);
        }

        return loss / windows.Length;
    }

    private static double[][] DropStrangest(Network network, double[][] windows)
    {
        var errors = windows.Select(network.Rebuild).ToArray();
        var bound = errors.Order().ElementAt((int)((errors.Length - 1) * (1 - DroppedShare)));
        return [.. windows.Where((_, i) => errors[i] <= bound)];
    }

    private static Autoencoder Judge(Autoencoder model, float[][] windows)
    {
        var scores = new float[windows.Length];
        new PlainScorer(model).Score(windows.SelectMany(values => values).ToArray(), windows.Length, scores, []);
        return model with { Calibration = Calibration.FromScores(scores), Threshold = ThresholdRule.Of(scores) };
    }

    private string Provenance(IReadOnlyList<TrainingCapture> captures, int learned, int calibrating) => string.Create(
        CultureInfo.InvariantCulture,
        $"{learned} windows learned and {calibrating} for calibration from {string.Join(", ", captures.Select(capture => capture.Name))}; seed {options.Seed}, {options.Epochs} epochs");

    private static DateTimeOffset LastTime(IReadOnlyList<TrainingCapture> captures)
    {
        var last = captures.SelectMany(capture => capture.Windows).Max(window => window.Start);
        return DateTimeOffset.UnixEpoch.AddTicks(last / TimeSpan.NanosecondsPerTick) + FeatureSchema.Window;
    }
}
