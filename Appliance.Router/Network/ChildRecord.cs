using System.Globalization;

namespace Appliance.Router.Network;

/// <summary>Which process a child is: its number, and when it began, since numbers are given anew.</summary>
internal readonly record struct ChildRecord(int Id, long StartTicks)
{
    /// <summary>The process of this number as it is now; null where there is none.</summary>
    public static ChildRecord? Of(int id)
    {
        try
        {
            // proc(5): the name, which may hold anything, ends with the last bracket; the 22nd field is the 20th behind it.
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var isAlive = fields.Length > 19 && fields[0] is not ("Z" or "X");
            return isAlive && long.TryParse(fields[19], CultureInfo.InvariantCulture, out var ticks) ? new ChildRecord(id, ticks) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static ChildRecord? Parse(string text)
    {
        var words = text.Split(' ', '\n');
        return words.Length >= 2
            && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && id > 1
                ? new ChildRecord(id, ticks)
                : null;
    }

    public bool IsAlive => Of(Id) == this;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id} {StartTicks}\n");
}
