using Appliance.Router.Nftables.Rendering;

namespace Appliance.Router.Nftables;

/// <summary>A line of a table's listing, in the chain, set or other object that it stands in; none for what heads them.</summary>
internal readonly record struct ListedLine(string Place, string Text)
{
    private const string Counter = $"counter name \"{Names.RulePrefix}";
    private const string Jump = $"jump {Names.RulePrefix}";

    private static readonly string[] Places = [$"chain {Names.RulePrefix}", $"chain {Names.HitPrefix}", $"limit {Names.LimitPrefix}"];

    /// <summary>The rule that people wrote and that this is a part of, or leads to; empty for all others.</summary>
    public string RuleId
    {
        get
        {
            var place = Place;
            return Array.Find(Places, known => place.StartsWith(known, StringComparison.Ordinal)) is { } mine ? place[mine.Length..]
                : WordAfter(Text, Counter, '"') is { Length: > 0 } counted ? counted
                : WordAfter(Text, Jump, ' ');
        }
    }

    public override string ToString() => Place.Length == 0 ? Text : $"{Place}: {Text}";

    private static string WordAfter(string text, string mark, char end)
    {
        var at = text.IndexOf(mark, StringComparison.Ordinal);
        return at < 0 ? "" : text[(at + mark.Length)..].Split(end)[0];
    }
}
