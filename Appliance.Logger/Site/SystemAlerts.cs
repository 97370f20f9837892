using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Appliance.Hosting;
using Appliance.Hosting.Events;
using Appliance.Logger.Alerts;

namespace Appliance.Logger.Site;

/// <summary>Makes alerts of category "system" of events that ask for a look.</summary>
internal static class SystemAlerts
{
    public const string Category = "system";

    // ULID (github.com/ulid/spec): 48 bits of milliseconds, 80 more, in Crockford's 32 letters.
    private const string Letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int IdLength = 26;

    /// <summary>The alert that the event begins. Its id comes from the event, so that one that is pulled again is the same alert.</summary>
    public static StoredAlert Begin(SiteEvent told, DateTimeOffset storeTime) => new(
        IdOf(told), 1, told.Time, Category, SeverityOf(told.Severity), told.Role.Word(), [], told.Part, "", 1,
        new AlertEvidence(1, told.Time, told.Time), [Explain(told, 1)], AlertStore.OwnDetector, AlertAction.None, storeTime, PublishTime: null);

    /// <summary>The same alert with one more event; only a higher severity is told again.</summary>
    public static StoredAlert Grow(StoredAlert alert, SiteEvent told)
    {
        var events = alert.Evidence.Events + 1;
        var severity = SeverityOf(told.Severity);
        return alert with
        {
            Revision = alert.Revision + 1,
            Severity = AlertWords.Rank(severity) > AlertWords.Rank(alert.Severity) ? severity : alert.Severity,
            Evidence = new AlertEvidence(events, alert.Evidence.First, told.Time > alert.Evidence.Last ? told.Time : alert.Evidence.Last),
            Explanations = [Explain(told, events)],
        };
    }

    private static string SeverityOf(EventSeverity severity) => severity == EventSeverity.Error ? "high" : "low";

    private static AlertExplanation Explain(SiteEvent told, long events) => new(told.Part, events, 0, $"{told.Role.Word()}: {told.Text}");

    private static string IdOf(SiteEvent told)
    {
        var source = told.Audit is { } audit
            ? $"{told.Role.Word()}/{audit.Sequence}/{Convert.ToHexString(audit.Hash.Span)}"
            : string.Create(CultureInfo.InvariantCulture, $"{told.Role.Word()}/{told.Epoch}/{told.Sequence}/{told.Part}");
        var random = SHA256.HashData(Encoding.UTF8.GetBytes(source));
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Max(0, told.Time.ToUnixTimeMilliseconds()) << 16);
        random.AsSpan(0, 10).CopyTo(bytes[6..]);
        return Encode(BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    private static string Encode(UInt128 value) => string.Create(IdLength, value, (id, rest) =>
    {
        for (var place = id.Length - 1; place >= 0; place--)
        {
            id[place] = Letters[(int)(rest & 31)];
            rest >>= 5;
        }
    });
}
