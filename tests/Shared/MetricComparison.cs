using System.Globalization;
using Appliance.Protos.Metrics.V1;
using static Appliance.Protos.Metrics.V1.Metric.Types;

namespace Appliance.Tests.Shared;

/// <summary>Holds what MetricsService says against a scrape of <c>/metrics</c> that was taken between two of its answers.</summary>
internal static class MetricComparison
{
    /// <summary>Every difference: a metric, a label or a help text that one has and the other has not, and values that no moment between had.</summary>
    public static IReadOnlyList<string> Differences(IReadOnlyList<Metric> before, PrometheusText scrape, IReadOnlyList<Metric> after) =>
    [
        .. Unequal("name and type", after.Select(metric => $"{metric.Name} {TypeOf(metric.Kind)}"), scrape.Types.Where(type => type.Key != "target_info").Select(type => $"{type.Key} {type.Value}")),
        .. Unequal("help", after.Where(metric => metric.Description.Length > 0).Select(metric => $"{metric.Name} {metric.Description}"), scrape.Helps.Where(help => help.Key != "target_info").Select(help => $"{help.Key} {help.Value}")),
        .. Unequal("series", after.SelectMany(Series).Select(one => one.Key), scrape.Values.Keys.Where(key => !key.StartsWith("target_info", StringComparison.Ordinal))),
        .. WrongValues(before, scrape, after),
    ];

    private static IEnumerable<string> WrongValues(IReadOnlyList<Metric> before, PrometheusText scrape, IReadOnlyList<Metric> after)
    {
        var earlier = before.SelectMany(Series).ToDictionary(one => one.Key, one => one.Value);
        foreach (var (key, value, kind) in after.SelectMany(metric => Series(metric).Select(one => (one.Key, one.Value, metric.Kind))))
        {
            var then = earlier.GetValueOrDefault(key, kind == Kind.Gauge ? double.NaN : 0);
            var told = scrape.Values.GetValueOrDefault(key, double.NaN);
            // The runtime's values swing between two looks, its queue length too, which it calls a counter;
            // all else lies between, and stands still where both say the same.
            var isWild = (kind == Kind.Gauge && then != value) || key.Contains("otel_scope_name=System.Runtime", StringComparison.Ordinal);
            if (!isWild && !(then <= told && told <= value))
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{key} is {told} in the scrape, {then} before and {value} after it");
            }
        }
    }

    private static IEnumerable<string> Unequal(string what, IEnumerable<string> service, IEnumerable<string> scrape)
    {
        var (ours, theirs) = (service.ToHashSet(), scrape.ToHashSet());
        return ours.Except(theirs).Select(one => $"{what} only in the service: {one}").Concat(theirs.Except(ours).Select(one => $"{what} only in the scrape: {one}"));
    }

    private static IEnumerable<(string Key, double Value)> Series(Metric metric) => metric.Samples.SelectMany(sample => Series(metric, sample));

    private static IEnumerable<(string Key, double Value)> Series(Metric metric, Sample sample)
    {
        var labels = sample.Labels.Select(label => $"{label.Key}={label.Value}").ToList();
        if (metric.Kind != Kind.Histogram)
        {
            return [(PrometheusText.Key(metric.Name, labels), sample.Value)];
        }

        return sample.Histogram.Buckets
            .Select(bucket => (PrometheusText.Key($"{metric.Name}_bucket", [.. labels, $"le={Bound(bucket.UpperBound)}"]), (double)bucket.CumulativeCount))
            .Append((PrometheusText.Key($"{metric.Name}_sum", labels), sample.Histogram.Sum))
            .Append((PrometheusText.Key($"{metric.Name}_count", labels), sample.Histogram.ObservationsCount));
    }

    private static string Bound(double bound) => double.IsPositiveInfinity(bound) ? "+Inf" : bound.ToString(CultureInfo.InvariantCulture);

    private static string TypeOf(Kind kind) => kind.ToString().ToLowerInvariant();
}
