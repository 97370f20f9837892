using System.Globalization;
using Appliance.Logger.Alerts;

namespace Appliance.Logger.Dashboard.Parts;

/// <summary>Which alerts the inbox shows; it lives in the page's address, so that it can be kept and sent.</summary>
/// <param name="Severity">A severity word; empty means any.</param>
/// <param name="Category">A category word; empty means any.</param>
/// <param name="Source">An address as in the alert; empty means any.</param>
/// <param name="Open">Only alerts that are open still.</param>
/// <param name="Before">Shows what is older than this place: ticks and id of an alert.</param>
public sealed record AlertFilter(string Severity = "", string Category = "", string Source = "", bool Open = false, string Before = "")
{
    // A source is an IPv6 address at the longest; the rest of the address is not taken further.
    private const int LongestSource = 64;

    public static readonly AlertFilter None = new();

    /// <summary>True when nothing is left out and nothing skipped.</summary>
    public bool IsNone => this == None;

    public string Address
    {
        get
        {
            var parts = new List<string>();
            Add("severity", Severity);
            Add("category", Category);
            Add("source", Source);
            Add("open", Open ? "true" : "");
            Add("before", Before);
            return parts.Count == 0 ? "/" : "/?" + string.Join('&', parts);

            void Add(string name, string value)
            {
                if (value.Length > 0)
                {
                    parts.Add($"{name}={Uri.EscapeDataString(value)}");
                }
            }
        }
    }

    /// <summary>Takes what the address says; words that mean nothing count as not said.</summary>
    public static AlertFilter Read(string? severity, string? category, string? source, bool? open, string? before) => new(
        severity is not null && AlertWords.Severities.Contains(severity) ? severity : "",
        category is not null && AlertWords.Categories.Contains(category) ? category : "",
        source is { Length: <= LongestSource } ? source.Trim() : "",
        open ?? false,
        Cursor(before) is null ? "" : before!);

    public AlertFilter After(StoredAlert last) =>
        this with { Before = string.Create(CultureInfo.InvariantCulture, $"{last.Time.UtcTicks}-{last.Id}") };

    /// <summary>The same for the store; alerts with evidence after <paramref name="openSince"/> count as open.</summary>
    internal AlertQuery ToQuery(int limit, DateTimeOffset openSince) => new()
    {
        Limit = limit,
        After = Cursor(Before),
        Category = NullIfEmpty(Category),
        Severity = NullIfEmpty(Severity),
        Source = NullIfEmpty(Source),
        OpenSince = Open ? openSince : null,
    };

    private static AlertCursor? Cursor(string? before)
    {
        var dash = before?.IndexOf('-', StringComparison.Ordinal) ?? -1;
        return dash > 0
            && before!.Length <= LongestSource
            && long.TryParse(before.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTimeOffset.MaxValue.UtcTicks
                ? new AlertCursor(new DateTimeOffset(ticks, TimeSpan.Zero), before[(dash + 1)..])
                : null;
    }

    private static string? NullIfEmpty(string text) => text.Length > 0 ? text : null;
}
