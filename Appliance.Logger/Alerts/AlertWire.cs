using Appliance.Protos.Alerts.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Appliance.Logger.Alerts;

/// <summary>Alerts between the wire and the domain.</summary>
internal static class AlertWire
{
    private const int MaxWord = 64;
    private const int MaxText = 1024;
    private const int MaxDestinations = 32;
    private const int MaxExplanations = 32;
    private const int MacLength = 6;

    /// <summary>False when the alert lacks what makes it one: id, category, severity, times.</summary>
    public static bool TryRead(Alert wire, DateTimeOffset storeTime, out StoredAlert alert)
    {
        alert = null!;
        if (wire.Id.Length is 0 or > MaxWord || wire.Id != HostileText.Clean(wire.Id, MaxWord) || wire.Revision > long.MaxValue
            || Word(wire.Category) is not { } category || Word(wire.Severity) is not { } severity
            || !WireTime.TryRead(wire.Time, out var time) || !TryEvidence(wire.Evidence, out var evidence))
        {
            return false;
        }

        alert = new StoredAlert(
            wire.Id, (long)wire.Revision, time, category, severity, Clean(wire.Source),
            [.. wire.Destinations.Take(MaxDestinations).Select(Clean)],
            Clean(wire.Service), Clean(wire.Technique), wire.Confidence, evidence,
            [.. wire.Explanations.Take(MaxExplanations).Select(Read)],
            Clean(wire.Detector), AlertAction.None, storeTime, PublishTime: null)
        {
            SourceConfirmed = wire.SourceConfirmed,
            SourceMac = wire.SourceMac.Length == MacLength ? MacText.Of(wire.SourceMac.Span) : "",
            Acknowledger = Clean(wire.Acknowledger),
            AcknowledgeTime = WireTime.TryRead(wire.AcknowledgeTime, out var acknowledged) ? acknowledged : null,
        };
        return true;
    }

    public static Alert Write(StoredAlert alert)
    {
        var wire = new Alert
        {
            Id = alert.Id,
            Revision = (ulong)alert.Revision,
            Time = Timestamp.FromDateTimeOffset(alert.Time),
            Category = CategoryOf(alert.Category),
            Severity = SeverityOf(alert.Severity),
            Source = alert.Source,
            Service = alert.Service,
            Technique = alert.Technique,
            Confidence = alert.Confidence,
            Evidence = new Evidence
            {
                EventsCount = (ulong)alert.Evidence.Events,
                FirstTime = Timestamp.FromDateTimeOffset(alert.Evidence.First),
                LastTime = Timestamp.FromDateTimeOffset(alert.Evidence.Last),
            },
            SourceConfirmed = alert.SourceConfirmed,
            SourceMac = ByteString.CopyFrom(MacText.Parse(alert.SourceMac)),
            Detector = alert.Detector,
            Acknowledger = alert.Acknowledger,
            AcknowledgeTime = alert.AcknowledgeTime is { } time ? Timestamp.FromDateTimeOffset(time) : null,
        };
        wire.Destinations.AddRange(alert.Destinations);
        wire.Explanations.AddRange(alert.Explanations.Select(one => new Explanation
        {
            Feature = one.Feature,
            Value = one.Value,
            Normal = one.Normal,
            Text = one.Text,
        }));
        return wire;
    }

    /// <summary>The contract's word; null for a value that this program does not know.</summary>
    public static string? Word(Category category) =>
        (int)category is var number && number >= 1 && number <= AlertWords.Categories.Count ? AlertWords.Categories[number - 1] : null;

    /// <summary>The contract's word; null for a value that this program does not know.</summary>
    public static string? Word(Severity severity) =>
        (int)severity is var number && number >= 1 && number <= AlertWords.Severities.Count ? AlertWords.Severities[number - 1] : null;

    // Both lists are in the order of the enums, which start at 1; a test compares the names.
    private static Category CategoryOf(string word)
    {
        int index = 0;
        while (AlertWords.Categories[index] != word)
        {
            index++;
        }

        return (Category)(index + 1);
    }

    private static Severity SeverityOf(string word) => (Severity)(AlertWords.Rank(word) + 1);

    private static string Clean(string text) => HostileText.Clean(text, MaxWord);

    private static AlertExplanation Read(Explanation one) =>
        new(Clean(one.Feature), one.Value, one.Normal, HostileText.Clean(one.Text, MaxText));

    private static bool TryEvidence(Evidence? wire, out AlertEvidence evidence)
    {
        evidence = null!;
        if (wire is null || wire.EventsCount > long.MaxValue || !WireTime.TryRead(wire.FirstTime, out var first) || !WireTime.TryRead(wire.LastTime, out var last))
        {
            return false;
        }

        evidence = new AlertEvidence((long)wire.EventsCount, first, last);
        return true;
    }
}
