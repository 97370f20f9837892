using System.Globalization;
using OpenTelemetry.Metrics;
using Wire = Appliance.Protos.Metrics.V1;

namespace Appliance.Hosting.Metrics;

/// <summary>Metrics of the SDK as the contract has them, with the names and labels of <c>/metrics</c>.</summary>
internal static class MetricWire
{
    // The exporter says of each series which meter it comes from.
    private const string ScopeLabel = "otel_scope_name";
    private const string BoundLabel = "le";

    public static Wire.Metric ToWire(Metric metric)
    {
        var kind = KindOf(metric.MetricType);
        var wire = new Wire.Metric
        {
            Name = MetricNames.Of(metric.Name, metric.Unit, kind == Wire.Metric.Types.Kind.Counter),
            Kind = kind,
            Unit = metric.Unit,
            Description = metric.Description,
        };
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            wire.Samples.Add(ToWire(metric, in point));
        }

        return wire;
    }

    /// <summary>One family of each name that begins so, as <c>/metrics</c> groups them: two meters may have an instrument of one name.</summary>
    public static IEnumerable<Wire.Metric> Families(IEnumerable<Wire.Metric> metrics, string prefix) => metrics
        .Where(metric => metric.Name.StartsWith(prefix, StringComparison.Ordinal) && metric.Samples.Count > 0)
        .GroupBy(metric => metric.Name, StringComparer.Ordinal)
        .OrderBy(family => family.Key, StringComparer.Ordinal)
        .Select(family =>
        {
            var merged = family.First();
            merged.Samples.Add(family.Skip(1).SelectMany(other => other.Samples));
            return merged;
        });

    private static Wire.Metric.Types.Kind KindOf(MetricType type) => type switch
    {
        MetricType.LongSum or MetricType.DoubleSum => Wire.Metric.Types.Kind.Counter,
        MetricType.Histogram or MetricType.ExponentialHistogram => Wire.Metric.Types.Kind.Histogram,
        // A sum that may fall is a gauge to Prometheus.
        _ => Wire.Metric.Types.Kind.Gauge,
    };

    private static Wire.Sample ToWire(Metric metric, in MetricPoint point)
    {
        var sample = new Wire.Sample();
        sample.Labels[ScopeLabel] = metric.MeterName;
        foreach (var tag in point.Tags)
        {
            sample.Labels[MetricNames.Label(tag.Key)] = Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "";
        }

        switch (metric.MetricType)
        {
            case MetricType.Histogram:
                sample.Labels.Remove(BoundLabel);
                sample.Histogram = HistogramOf(in point);
                break;
            default:
                sample.Value = ValueOf(metric.MetricType, in point);
                break;
        }

        return sample;
    }

    private static double ValueOf(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
        MetricType.LongGauge => point.GetGaugeLastValueLong(),
        MetricType.DoubleGauge => point.GetGaugeLastValueDouble(),
        _ => throw new NotSupportedException($"Metrics of type {type} have no form in the contract."),
    };

    private static Wire.Histogram HistogramOf(in MetricPoint point)
    {
        var histogram = new Wire.Histogram { ObservationsCount = (ulong)point.GetHistogramCount(), Sum = point.GetHistogramSum() };
        var total = 0L;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            total += bucket.BucketCount;
            histogram.Buckets.Add(new Wire.Bucket { UpperBound = bucket.ExplicitBound, CumulativeCount = (ulong)total });
        }

        return histogram;
    }
}
