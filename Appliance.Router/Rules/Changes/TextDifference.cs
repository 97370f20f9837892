using System.Globalization;
using System.Text;

namespace Appliance.Router.Rules.Changes;

/// <summary>The difference of two texts, line by line, in the unified form of diff(1).</summary>
internal static class TextDifference
{
    private const int Context = 3;

    // The search costs lines times differences; texts further apart than this are told as one block taken out and one put in.
    private const int MaxEdits = 1000;

    private enum Side
    {
        Both,
        Before,
        After,
    }

    /// <summary>Empty for equal texts; cut behind a whole line when longer than wanted.</summary>
    public static string Unified(string before, string after, int maxLength)
    {
        if (before == after)
        {
            return "";
        }

        var (old, fresh) = (Lines(before), Lines(after));
        var edits = Edits(old, fresh);
        var text = new StringBuilder("--- before\n+++ after\n");
        for (var at = Next(edits, 0); at < edits.Count; at = Next(edits, at))
        {
            var first = Math.Max(0, at - Context);
            at = EndOfHunk(edits, at);
            Append(text, edits, first, at);
        }

        if (text.Length <= maxLength)
        {
            return text.ToString();
        }

        const string Cut = "[cut]\n";
        var whole = text.ToString(0, maxLength - Cut.Length);
        return whole[..(whole.LastIndexOf('\n') + 1)] + Cut;
    }

    private static string[] Lines(string text) => (text.EndsWith('\n') ? text[..^1] : text).Split('\n');

    private static int Next(List<(Side Side, string Line)> edits, int from)
    {
        var at = from;
        while (at < edits.Count && edits[at].Side == Side.Both)
        {
            at++;
        }

        return at;
    }

    // Two changes are one hunk when their contexts would touch.
    private static int EndOfHunk(List<(Side Side, string Line)> edits, int from)
    {
        var end = from;
        while (true)
        {
            while (end < edits.Count && edits[end].Side != Side.Both)
            {
                end++;
            }

            var next = Next(edits, end);
            if (next == edits.Count || next - end > 2 * Context)
            {
                return Math.Min(edits.Count, end + Context);
            }

            end = next;
        }
    }

    private static void Append(StringBuilder text, List<(Side Side, string Line)> edits, int first, int end)
    {
        var hunk = edits[first..end];
        var (oldStart, freshStart) = (edits[..first].Count(edit => edit.Side != Side.After), edits[..first].Count(edit => edit.Side != Side.Before));
        var (oldCount, freshCount) = (hunk.Count(edit => edit.Side != Side.After), hunk.Count(edit => edit.Side != Side.Before));
        text.Append(CultureInfo.InvariantCulture, $"@@ -{oldStart + Math.Min(1, oldCount)},{oldCount} +{freshStart + Math.Min(1, freshCount)},{freshCount} @@\n");
        foreach (var (side, line) in hunk)
        {
            text.Append(side switch { Side.Before => '-', Side.After => '+', _ => ' ' }).Append(line).Append('\n');
        }
    }

    private static List<(Side Side, string Line)> Edits(string[] old, string[] fresh)
    {
        var head = 0;
        while (head < old.Length && head < fresh.Length && old[head] == fresh[head])
        {
            head++;
        }

        var tail = 0;
        while (tail < old.Length - head && tail < fresh.Length - head && old[^(tail + 1)] == fresh[^(tail + 1)])
        {
            tail++;
        }

        var edits = new List<(Side, string)>(old.Length + fresh.Length);
        edits.AddRange(old[..head].Select(line => (Side.Both, line)));
        edits.AddRange(Middle(old[head..^tail], fresh[head..^tail]));
        edits.AddRange(old[^tail..].Select(line => (Side.Both, line)));
        return edits;
    }

    // Myers, "An O(ND) difference algorithm and its variations" (1986): the furthest reach on each diagonal, edit by edit, then back.
    private static IEnumerable<(Side Side, string Line)> Middle(string[] old, string[] fresh)
    {
        var most = Math.Min(old.Length + fresh.Length, MaxEdits);
        var reach = new int[(2 * most) + 3];
        var steps = new List<int[]>();
        for (var edit = 0; edit <= most; edit++)
        {
            steps.Add(reach.AsSpan(most + 1 - edit - 1, (2 * edit) + 3).ToArray());
            for (var diagonal = -edit; diagonal <= edit; diagonal += 2)
            {
                var x = Step(reach, most + 1, edit, diagonal);
                while (x < old.Length && x - diagonal < fresh.Length && x - diagonal >= 0 && old[x] == fresh[x - diagonal])
                {
                    x++;
                }

                reach[most + 1 + diagonal] = x;
                if (x >= old.Length && x - diagonal >= fresh.Length)
                {
                    return Back(old, fresh, steps);
                }
            }
        }

        return old.Select(line => (Side.Before, line)).Concat(fresh.Select(line => (Side.After, line)));
    }

    private static int Step(int[] reach, int middle, int edit, int diagonal) =>
        diagonal == -edit || (diagonal != edit && reach[middle + diagonal - 1] < reach[middle + diagonal + 1])
            ? reach[middle + diagonal + 1]
            : reach[middle + diagonal - 1] + 1;

    private static List<(Side Side, string Line)> Back(string[] old, string[] fresh, List<int[]> steps)
    {
        var edits = new List<(Side, string)>();
        var (x, y) = (old.Length, fresh.Length);
        for (var edit = steps.Count - 1; edit >= 0; edit--)
        {
            // As the diagonals stood before this edit; the array's middle is its own.
            var (reach, middle) = (steps[edit], edit + 1);
            var diagonal = x - y;
            var isInsertion = diagonal == -edit || (diagonal != edit && reach[middle + diagonal - 1] < reach[middle + diagonal + 1]);
            var before = isInsertion ? diagonal + 1 : diagonal - 1;
            var (fromX, fromY) = edit == 0 ? (0, 0) : (reach[middle + before], reach[middle + before] - before);
            while (x > fromX && y > fromY)
            {
                edits.Add((Side.Both, old[--x]));
                y--;
            }

            if (edit > 0)
            {
                edits.Add(isInsertion ? (Side.After, fresh[--y]) : (Side.Before, old[--x]));
            }
        }

        edits.Reverse();
        return edits;
    }
}
