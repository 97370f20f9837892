using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Appliance.Hosting.Metrics;

/// <summary>Reads the role's metrics on demand, beside the exporter of <c>/metrics</c>: both are readers of the same meters.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class MetricRegistry : BaseExporter<Metric>, IPullMetricExporter
{
    // Collecting asks the observable instruments, which answer from memory.
    private const int TimeoutMilliseconds = 5000;

    private readonly Lock _turn = new();
    private Action<Metric>? _each;

    /// <summary>Set by the reader that this is registered with.</summary>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>Translates every metric while its values stand still; each collection reuses the SDK's objects.</summary>
    public IReadOnlyList<T> Read<T>(Func<Metric, T> translate)
    {
        lock (_turn)
        {
            var metrics = new List<T>();
            _each = metric => metrics.Add(translate(metric));
            try
            {
                return Collect?.Invoke(TimeoutMilliseconds) == true
                    ? metrics
                    : throw new InvalidOperationException($"The metrics were not collected within {TimeoutMilliseconds} ms.");
            }
            finally
            {
                _each = null;
            }
        }
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        foreach (var metric in batch)
        {
            _each?.Invoke(metric);
        }

        return ExportResult.Success;
    }
}
