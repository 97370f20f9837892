namespace Appliance.Router.Nftables;

/// <summary>A table as nft lists it, line by line.</summary>
internal sealed class TableListing
{
    private readonly List<ListedLine> _lines = [];

    private TableListing(string text) => Text = text;

    public string Text { get; }

    public IReadOnlyList<ListedLine> Lines => _lines;

    /// <summary>What stands in a table is indented by one tab, and what stands in that by two.</summary>
    public static TableListing Parse(string text)
    {
        var listing = new TableListing(text);
        var place = "";
        foreach (var line in text.Split('\n').Where(line => line.StartsWith('\t')))
        {
            var isHead = line[1] != '\t' && line.EndsWith('{');
            if (line is "\t}")
            {
                place = "";
            }
            else if (isHead)
            {
                place = line.Trim('\t', ' ', '{');
                listing._lines.Add(new ListedLine("", place));
            }
            else
            {
                listing._lines.Add(new ListedLine(place, line.Trim()));
            }
        }

        return listing;
    }

    /// <summary>All lines of each rule that people wrote, by its id; a rule that is changed has others.</summary>
    public IReadOnlyDictionary<string, string> RuleTexts => _lines
        .Select(line => (Id: line.RuleId, Line: line))
        .Where(pair => pair.Id.Length > 0)
        .GroupBy(pair => pair.Id, pair => pair.Line.ToString())
        .ToDictionary(group => group.Key, group => string.Join('\n', group), StringComparer.Ordinal);

    /// <summary>What another listing lacks of this one ("-"), and has beyond it ("+"); when all lines are there in another order, that.</summary>
    public IReadOnlyList<string> Compare(TableListing other)
    {
        if (Text == other.Text)
        {
            return [];
        }

        List<string> differences = [.. Less(this, other).Select(line => $"- {line}"), .. Less(other, this).Select(line => $"+ {line}")];
        return differences.Count > 0 ? differences : ["the order of its lines"];
    }

    /// <summary>How many lines of this listing another one has.</summary>
    public int CountIn(TableListing other) => _lines.Count - Less(this, other).Count;

    // A line that stands twice has to be there twice.
    private static List<ListedLine> Less(TableListing whole, TableListing part)
    {
        var left = part._lines.CountBy(line => line).ToDictionary();
        var missing = new List<ListedLine>();
        foreach (var line in whole._lines)
        {
            if (left.TryGetValue(line, out var count) && count > 0)
            {
                left[line] = count - 1;
            }
            else
            {
                missing.Add(line);
            }
        }

        return missing;
    }
}
