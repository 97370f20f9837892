using System.Globalization;
using System.Text.Json;
using Appliance.Detector.Detectors;
using Appliance.Detector.Flows;

namespace Appliance.Detector.Alerts;

/// <summary>An alert as the file keeps it. Names and meanings here are a file format: add, never change.</summary>
internal sealed record AlertRow
{
    public required long Time { get; init; }

    public required Category Category { get; init; }

    public required Severity Severity { get; init; }

    /// <summary>Hexadecimal.</summary>
    public required string Source { get; init; }

    public bool IsMac { get; init; }

    public ulong SourceMac { get; init; }

    public bool IsSourceConfirmed { get; init; }

    public required IReadOnlyList<string> Destinations { get; init; }

    public byte Protocol { get; init; }

    public ushort Port { get; init; }

    public required string Technique { get; init; }

    public required double Confidence { get; init; }

    public required long Events { get; init; }

    public required long First { get; init; }

    public required long Last { get; init; }

    public required IReadOnlyList<Explanation> Explanations { get; init; }

    public required string Detector { get; init; }

    public static string Write(Alert alert) => JsonSerializer.Serialize(
        new AlertRow
        {
            Time = Clock.Of(alert.Time),
            Category = alert.Category,
            Severity = alert.Severity,
            Source = alert.Source.Value.ToString("x", CultureInfo.InvariantCulture),
            IsMac = alert.Source.IsMac,
            SourceMac = alert.SourceMac.Value,
            IsSourceConfirmed = alert.IsSourceConfirmed,
            Destinations = alert.Destinations,
            Protocol = alert.Service.Protocol,
            Port = alert.Service.Port,
            Technique = alert.Technique,
            Confidence = alert.Confidence,
            Events = alert.Evidence.Events,
            First = Clock.Of(alert.Evidence.First),
            Last = Clock.Of(alert.Evidence.Last),
            Explanations = alert.Explanations,
            Detector = alert.Detector,
        },
        AlertRowJson.Default.AlertRow);

    public static Alert Read(string id, long revision, string body, string? acknowledger, long? acknowledgeTime)
    {
        var row = JsonSerializer.Deserialize(body, AlertRowJson.Default.AlertRow)
            ?? throw new InvalidDataException($"Alert {id} has an empty body.");
        var source = UInt128.Parse(row.Source, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return new Alert
        {
            Id = id,
            Revision = revision,
            Time = Clock.At(row.Time),
            Category = row.Category,
            Severity = row.Severity,
            Source = row.IsMac ? Suspect.FromMac(new MacAddress((ulong)source)) : Suspect.FromAddress(source),
            SourceMac = new MacAddress(row.SourceMac),
            IsSourceConfirmed = row.IsSourceConfirmed,
            Destinations = row.Destinations,
            Service = new Service(row.Protocol, row.Port),
            Technique = row.Technique,
            Confidence = row.Confidence,
            Evidence = new AlertEvidence(row.Events, Clock.At(row.First), Clock.At(row.Last)),
            Explanations = row.Explanations,
            Detector = row.Detector,
            Acknowledger = acknowledger,
            AcknowledgeTime = acknowledgeTime is { } time ? Clock.At(time) : null,
        };
    }
}
