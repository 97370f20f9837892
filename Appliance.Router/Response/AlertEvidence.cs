using Microsoft.Extensions.Options;

namespace Appliance.Router.Response;

/// <summary>The last alerts, to find a second detector that has something against the same source: the model alone never blocks.</summary>
/// <remarks>In memory only: after a restart a second piece of evidence has to come again, which errs on the side of not blocking.</remarks>
internal sealed class AlertEvidence(ResponsePolicy policy, IOptions<ResponseOptions> options)
{
    // 1 KB each; the Detector keeps one alert open for a source and a category.
    private const int Capacity = 2048;

    private static readonly char[] Separators = [',', '+', ' '];

    private readonly Lock _turn = new();
    private readonly LinkedList<AlertFacts> _recent = new();
    private readonly Dictionary<string, LinkedListNode<AlertFacts>> _byId = new(StringComparer.Ordinal);

    /// <summary>Takes note of a revision of an alert.</summary>
    public void Note(AlertFacts alert)
    {
        lock (_turn)
        {
            if (_byId.Remove(alert.Id, out var known))
            {
                _recent.Remove(known);
            }

            if (_recent.Count == Capacity)
            {
                _byId.Remove(_recent.First!.Value.Id);
                _recent.RemoveFirst();
            }

            _byId[alert.Id] = _recent.AddLast(alert);
        }
    }

    /// <summary>False for an alert that rests on the model alone.</summary>
    public bool IsEnough(AlertFacts alert) => !NeedsMore(alert) || AreTwo(DetectorsOf(alert)) || Related(alert).Any(other => AreTwo([.. DetectorsOf(alert), .. DetectorsOf(other)]));

    /// <summary>Alerts that waited for one such as this.</summary>
    public IReadOnlyList<AlertFacts> WaitingFor(AlertFacts alert) => [.. Related(alert).Where(other => NeedsMore(other) && AreTwo([.. DetectorsOf(alert), .. DetectorsOf(other)]))];

    private bool NeedsMore(AlertFacts alert) => alert.Category == "anomaly" || DetectorsOf(alert).All(IsModel);

    // Two names of which one is not the model's.
    private bool AreTwo(IReadOnlyList<string> detectors) => detectors.Distinct().Count() > 1 && !detectors.All(IsModel);

    private bool IsModel(string detector) => options.Value.ModelDetectors.Contains(detector, StringComparer.Ordinal);

    // A Detector that names none is told by its category.
    private static string[] DetectorsOf(AlertFacts alert) =>
        alert.Detector.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } names ? names : [$"({alert.Category})"];

    private List<AlertFacts> Related(AlertFacts alert)
    {
        var (source, station) = policy.SubjectOf(alert);
        lock (_turn)
        {
            return [.. _recent.Where(other => other.Id != alert.Id && (other.LastSeen - alert.LastSeen).Duration() <= options.Value.EvidenceWindow && IsSame(other))];
        }

        bool IsSame(AlertFacts other)
        {
            var (otherSource, otherStation) = policy.SubjectOf(other);
            return (source is not null && source == otherSource) || (station is not null && station == otherStation);
        }
    }
}
