using System.Globalization;
using Appliance.Detector.Detectors;
using Appliance.Detector.Flows;

namespace Appliance.Detector.Alerts;

/// <summary>An alert that still gathers evidence.</summary>
internal sealed class OpenAlert
{
    public const int MaxDestinations = 32;

    private readonly HashSet<UInt128> _destinations = [];
    private readonly List<string> _destinationTexts = [];
    private readonly AlertKey _key;
    private readonly string _id;
    private readonly string _detector;
    private readonly string _technique;
    private readonly long _time;
    private readonly long _first;
    private MacAddress _mac;
    private double _confidence;
    private long _events;
    private Reason[] _reasons = [];
    private IReadOnlyList<Explanation> _explanations = [];

    public OpenAlert(in AlertKey key, in Finding finding)
    {
        _key = key;
        _time = finding.Time;
        _first = finding.FirstTime;
        _detector = finding.Detector;
        _technique = finding.Technique;
        _id = Ulid.Of(Clock.At(_time), string.Create(CultureInfo.InvariantCulture, $"{key.Category.ToWord()}|{key.Source}|{key.Service}|{_time}"));
        LastTime = finding.Time;
    }

    public OpenAlert(in AlertKey key, Alert alert)
    {
        _key = key;
        _id = alert.Id;
        _time = Clock.Of(alert.Time);
        _first = Clock.Of(alert.Evidence.First);
        _detector = alert.Detector;
        _technique = alert.Technique;
        _mac = alert.SourceMac;
        _confidence = alert.Confidence;
        _events = alert.Evidence.Events;
        _explanations = alert.Explanations;
        _destinationTexts.AddRange(alert.Destinations);
        Severity = alert.Severity;
        IsConfirmed = alert.IsSourceConfirmed;
        LastTime = Clock.Of(alert.Evidence.Last);
        CountedUntil = LastTime;
        ToldTime = LastTime;
    }

    public Severity Severity { get; private set; }

    public bool IsConfirmed { get; private set; }

    /// <summary>Time of the last evidence.</summary>
    public long LastTime { get; private set; }

    /// <summary>Evidence up to here was counted before a restart; the same events may come again.</summary>
    public long CountedUntil { get; } = long.MinValue;

    /// <summary>When it was last told of.</summary>
    public long ToldTime { get; set; } = long.MinValue;

    /// <summary>It waits in the queue of grown alerts.</summary>
    public bool IsWaiting { get; set; }

    /// <summary>True when the alert became more serious, which is told at once.</summary>
    public bool Add(in Finding finding, ReadOnlySpan<UInt128> destinations, ReadOnlySpan<Reason> reasons)
    {
        var rose = finding.Severity > Severity || (finding.IsSourceConfirmed && !IsConfirmed);
        LastTime = Math.Max(LastTime, finding.Time);
        _events += finding.NewEvents;
        _confidence = Math.Max(_confidence, finding.Confidence);
        _mac = _mac.IsEmpty ? finding.SourceMac : _mac;
        IsConfirmed |= finding.IsSourceConfirmed;
        AddDestinations(destinations);

        // A weaker detector adds evidence to an alert; the reasons stay those of its severity.
        if (finding.Severity >= Severity)
        {
            Severity = finding.Severity;
            Keep(reasons);
        }

        return rose;
    }

    public Alert ToAlert() => new()
    {
        Id = _id,
        Time = Clock.At(_time),
        Category = _key.Category,
        Severity = Severity,
        Source = _key.Source,
        SourceMac = _mac,
        IsSourceConfirmed = IsConfirmed,
        Destinations = [.. _destinationTexts],
        Service = _key.Service,
        Technique = _technique,
        Confidence = _confidence,
        Evidence = new AlertEvidence(_events, Clock.At(_first), Clock.At(LastTime)),
        Explanations = Explain(),
        Detector = _detector,
    };

    private void AddDestinations(ReadOnlySpan<UInt128> destinations)
    {
        foreach (var destination in destinations)
        {
            if (_destinationTexts.Count >= MaxDestinations || !_destinations.Add(destination))
            {
                continue;
            }

            // After a restart the set is empty and the texts are not.
            var text = AddressText.Of(destination);
            if (!_destinationTexts.Contains(text))
            {
                _destinationTexts.Add(text);
            }
        }
    }

    private void Keep(ReadOnlySpan<Reason> reasons)
    {
        if (_reasons.Length != reasons.Length)
        {
            _reasons = new Reason[reasons.Length];
        }

        reasons.CopyTo(_reasons);
        _explanations = [];
    }

    private IReadOnlyList<Explanation> Explain()
    {
        if (_explanations.Count == 0)
        {
            _explanations = [.. _reasons.Select(reason => new Explanation(
                reason.Feature,
                reason.Value,
                reason.Normal,
                string.Format(CultureInfo.InvariantCulture, reason.Text, reason.Value, reason.Normal)))];
        }

        return _explanations;
    }
}
