using Appliance.Commands;

namespace Appliance.Evaluation;

/// <summary>Reads the tab-separated list of a corpus; the first fault ends it, by line.</summary>
internal static class Manifest
{
    private const string FileColumn = "file";
    private const string LabelColumn = "label";
    private const string ExpectColumn = "expect";
    private const string WindowColumn = "time_window";
    private const string AttackerColumn = "attacker";
    private const string Unknown = "-";

    private static readonly string[] Required = [FileColumn, LabelColumn, ExpectColumn];

    public static IReadOnlyList<ManifestEntry> Read(string path)
    {
        var lines = ReadLines(path);
        var columns = ReadHeader(path, lines);
        var entries = new List<ManifestEntry>();
        for (var i = 1; i < lines.Length; i++)
        {
            if (!string.IsNullOrWhiteSpace(lines[i]))
            {
                entries.Add(ReadEntry($"{path} line {i + 1}", path, columns, lines[i].Split('\t')));
            }
        }

        return entries.Count > 0 ? entries : throw new CommandFailedException($"{path} has a header and no captures; add a line for each capture.");
    }

    private static string[] ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"{path} cannot be read: {error.Message}", error);
        }
    }

    private static string[] ReadHeader(string path, string[] lines)
    {
        var columns = lines.Length > 0 ? lines[0].Split('\t') : [];
        var missing = Array.Find(Required, column => !columns.Contains(column));
        return missing is null
            ? columns
            : throw new CommandFailedException($"{path} line 1 has the columns '{string.Join(", ", columns)}', '{missing}' is missing; separate columns by tabs.");
    }

    private static ManifestEntry ReadEntry(string place, string path, string[] columns, string[] fields)
    {
        if (fields.Length != columns.Length)
        {
            throw new CommandFailedException($"{place} has {fields.Length} fields, the header has {columns.Length}; separate fields by tabs and write '{Unknown}' where nothing is known.");
        }

        var file = Field(FileColumn);
        if (file.Length == 0 || file == Unknown)
        {
            throw new CommandFailedException($"{place}: file is '{file}'; name a capture, relative to the manifest's folder.");
        }

        if (!Expectation.TryParse(Field(ExpectColumn), out var expectation))
        {
            throw new CommandFailedException($"{place}: expect is '{Field(ExpectColumn)}'; it takes {Expectation.Words}.");
        }

        var capture = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, file);
        return new ManifestEntry(file, capture, Field(LabelColumn), expectation, ReadWindow(place, Field(WindowColumn)), Field(AttackerColumn));

        string Field(string column)
        {
            var index = Array.IndexOf(columns, column);
            return index < 0 ? Unknown : fields[index].Trim();
        }
    }

    private static TimeWindow? ReadWindow(string place, string text)
    {
        if (text.Length == 0 || text == Unknown)
        {
            return null;
        }

        return TimeWindow.TryParse(text, out var window)
            ? window
            : throw new CommandFailedException(
                $"{place}: time_window is '{text}'; it takes 'START..END' or 'START .. END UTC', the end not before the start, or '{Unknown}'.");
    }
}
