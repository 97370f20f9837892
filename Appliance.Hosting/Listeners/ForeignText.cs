namespace Appliance.Hosting.Listeners;

/// <summary>Text that a stranger chose, made fit for one line of the log.</summary>
internal static class ForeignText
{
    private const int MaxLength = 120;

    /// <summary>Cut short, control characters shown as '?': a line break would forge a line of the log.</summary>
    public static string OneLine(string text) =>
        string.Create(Math.Min(text.Length, MaxLength), text, (line, source) =>
        {
            for (var index = 0; index < line.Length; index++)
            {
                line[index] = char.IsControl(source[index]) || source[index] is '\u2028' or '\u2029' ? '?' : source[index];
            }
        });
}
