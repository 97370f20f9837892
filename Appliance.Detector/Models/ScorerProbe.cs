using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace Appliance.Detector.Models;

/// <summary>Finds what this machine can run a model with: the first of TensorRT, CUDA and CPU that works and agrees with the plain scorer, else that one.</summary>
internal sealed partial class ScorerProbe(OnnxRuntimeLibrary library, ILogger<ScorerProbe> logger)
{
    private const int TrialWindows = 32;

    // Of the score; single precision in another order of terms differs by some 1e-6.
    private const float Tolerance = 1e-4f;

    private static readonly string[] Order = [OnnxScorer.TensorRt, OnnxScorer.Cuda, OnnxScorer.Cpu];

    /// <param name="network">What the file says.</param>
    /// <param name="file">The model's bytes.</param>
    /// <param name="fault">Why it is the plain scorer; empty where it is not.</param>
    public IWindowScorer Open(Autoencoder network, byte[] file, out string fault)
    {
        var plain = new PlainScorer(network);
        var offered = library.Providers(out fault);
        if (offered.Count == 0)
        {
            LogNoLibrary(fault);
            return plain;
        }

        foreach (var provider in Order.Where(offered.Contains))
        {
            if (TryOpen(provider, network, file, plain) is { } scorer)
            {
                return scorer;
            }
        }

        fault = "no execution provider of ONNX Runtime works here";
        return plain;
    }

    private OnnxScorer? TryOpen(string provider, Autoencoder network, byte[] file, PlainScorer plain)
    {
        OnnxScorer? scorer = null;
        try
        {
            scorer = OnnxScorer.Open(file, network.Features.Length, provider);
            var difference = Difference(scorer, plain, network.Features.Length);
            if (difference <= Tolerance)
            {
                return scorer;
            }

            LogDisagrees(provider, difference, Tolerance);
        }
        catch (Exception error) when (error is OnnxRuntimeException or DllNotFoundException or EntryPointNotFoundException)
        {
            LogNotUsable(provider, error);
        }

        scorer?.Dispose();
        return null;
    }

    /// <summary>The largest relative difference over windows from silence to a flood.</summary>
    private static float Difference(OnnxScorer scorer, PlainScorer plain, int features)
    {
        var windows = new float[TrialWindows * features];
        for (var i = 0; i < windows.Length; i++)
        {
            // From 0 to 2^17 by row, uneven by column.
            windows[i] = i < features ? 0 : MathF.Pow(2f, 17f * (i / features) / TrialWindows) * (i % 7) / 6f;
        }

        float[] seen = new float[TrialWindows], expected = new float[TrialWindows];
        scorer.Score(windows, TrialWindows, seen, []);
        plain.Score(windows, TrialWindows, expected, []);
        var largest = 0f;
        for (var i = 0; i < TrialWindows; i++)
        {
            var difference = MathF.Abs(seen[i] - expected[i]) / MathF.Max(1f, expected[i]);
            largest = float.IsFinite(difference) ? MathF.Max(largest, difference) : float.PositiveInfinity;
        }

        return largest;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The plain scorer runs the model: {Fault}.")]
    private partial void LogNoLibrary(string fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Provider} is not usable on this machine.")]
    private partial void LogNotUsable(string provider, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Provider} is not used: its scores differ by {Difference} from the plain scorer's, at most {Tolerance} is borne.")]
    private partial void LogDisagrees(string provider, float difference, float tolerance);
}
