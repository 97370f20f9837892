using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Appliance.Detector.Models;

/// <summary>A model run by ONNX Runtime with one execution provider; may be called by several threads.</summary>
internal sealed class OnnxScorer : IWindowScorer, IDisposable
{
    public const string TensorRt = "TensorrtExecutionProvider";
    public const string Cuda = "CUDAExecutionProvider";
    public const string Cpu = "CPUExecutionProvider";

    private static readonly string[] Inputs = [OnnxWriter.Windows];
    private static readonly string[] ScoreAlone = [OnnxWriter.ScoreOutput];
    private static readonly string[] BothOutputs = [OnnxWriter.ScoreOutput, OnnxWriter.Reconstruction];

    private readonly int _features;
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();

    private OnnxScorer(string provider, int features, InferenceSession session) => (Provider, _features, _session) = (provider, features, session);

    public string Provider { get; }

    /// <exception cref="OnnxRuntimeException">This machine lacks what the provider needs, or the file is none that it runs.</exception>
    public static OnnxScorer Open(byte[] file, int features, string provider)
    {
        using var options = new SessionOptions
        {
            // 6 000 multiplications a window: a second thread costs more than it gives, and calls run beside each other anyway.
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        Append(options, provider);
        return new OnnxScorer(provider, features, new InferenceSession(file, options));
    }

    public unsafe void Score(ReadOnlySpan<float> windows, int count, Span<float> scores, Span<float> reconstructions)
    {
        if (count == 0)
        {
            return;
        }

        var values = count * _features;
        if (windows.Length < values || scores.Length < count || (reconstructions.Length < values && !reconstructions.IsEmpty))
        {
            throw new ArgumentException($"{count} windows of {_features} values don't fit {windows.Length}, {scores.Length} and {reconstructions.Length} values.", nameof(count));
        }

        // The runtime reads and writes the caller's memory: nothing is copied.
        fixed (float* input = windows, score = scores, rebuilt = reconstructions)
        {
            using var given = Tensor(input, values, [count, _features]);
            using var error = Tensor(score, count, [count]);
            if (reconstructions.IsEmpty)
            {
                _session.Run(_run, Inputs, [given], ScoreAlone, [error]);
                return;
            }

            using var made = Tensor(rebuilt, values, [count, _features]);
            _session.Run(_run, Inputs, [given], BothOutputs, [error, made]);
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _run.Dispose();
    }

    private static unsafe OrtValue Tensor(float* values, int count, long[] shape) =>
        OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, TensorElementType.Float, shape, (IntPtr)values, (long)count * sizeof(float));

    private static void Append(SessionOptions options, string provider)
    {
        switch (provider)
        {
            case TensorRt:
                options.AppendExecutionProvider_Tensorrt();
                break;
            case Cuda:
                using (var cuda = new OrtCUDAProviderOptions())
                {
                    // TF32 keeps 10 bits of a product's mantissa; the plain scorer is to be met to 1e-5.
                    cuda.UpdateOptions(new Dictionary<string, string>(StringComparer.Ordinal) { ["use_tf32"] = "0" });
                    options.AppendExecutionProvider_CUDA(cuda);
                }

                break;
            default:
                // The CPU's is always there.
                break;
        }
    }
}
