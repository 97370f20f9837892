using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;

namespace Appliance.Detector.Models;

/// <summary>The native library of ONNX Runtime: the one that the configuration names, or the packaged one.</summary>
internal sealed class OnnxRuntimeLibrary(IOptions<RuntimeOptions> options)
{
    private const string NativeName = "onnxruntime";

    private readonly Lock _gate = new();
    private string? _fault;
    private string[]? _providers;

    /// <summary>Execution providers that the library was built with; empty, and the reason, where it can't be loaded.</summary>
    public IReadOnlyList<string> Providers(out string fault)
    {
        lock (_gate)
        {
            _providers ??= Load();
            fault = _fault ?? "";
            return _providers;
        }
    }

    private string[] Load()
    {
        var path = options.Value.OnnxRuntimeLibrary;
        try
        {
            if (path.Length > 0)
            {
                Prefer(path);
            }

            if (!OrtEnv.IsCreated)
            {
                // Below error it tells of every processor that it does not know.
                var silent = new EnvironmentCreationOptions { logId = "appliance", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
                OrtEnv.CreateInstanceWithOptions(ref silent);
            }

            return OrtEnv.Instance().GetAvailableProviders();
        }
        catch (Exception error) when (error is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException or BadImageFormatException or OnnxRuntimeException)
        {
            var cause = error;
            while (cause is TypeInitializationException { InnerException: { } inner })
            {
                cause = inner;
            }

            var origin = path.Length > 0 ? path : "the packaged ONNX Runtime";
            _fault = $"{origin} can't be loaded ({cause.Message.ReplaceLineEndings(" ").Trim()})";
            return [];
        }
    }

    // Before ONNX Runtime registers its own resolver, which then steps aside; a process can have one only.
    private static void Prefer(string path)
    {
        try
        {
            NativeLibrary.SetDllImportResolver(
                typeof(OrtEnv).Assembly,
                (name, _, _) => Path.GetFileNameWithoutExtension(name).EndsWith(NativeName, StringComparison.OrdinalIgnoreCase) ? NativeLibrary.Load(path) : IntPtr.Zero);
        }
        catch (InvalidOperationException error)
        {
            throw new DllNotFoundException($"another ONNX Runtime is in use by this process: {error.Message}", error);
        }
    }
}
