using System.Globalization;

namespace Appliance.Commands;

/// <summary>How far long work is: a bar on a terminal, a plain line each ten seconds and at each change of stage elsewhere.</summary>
internal sealed class ProgressBar(TextWriter output, bool isTerminal, TimeProvider clock) : IDisposable
{
    private const int Width = 30;
    private const int Line = 100;
    private const double Mebi = 1024 * 1024;

    private static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Elsewhere = TimeSpan.FromSeconds(10);

    private long? _drawn;
    private string _stage = "";

    /// <summary>A bar for standard error, which is a terminal only where it really is one.</summary>
    public static ProgressBar On(TextWriter output) => new(output, ReferenceEquals(output, Console.Error) && !Console.IsErrorRedirected, TimeProvider.System);

    /// <summary>Draws when it is time to.</summary>
    /// <param name="stage">What is done now, for example "slot 1 writing".</param>
    /// <param name="done">Bytes of it.</param>
    /// <param name="total">Bytes when it is done; 0 where nobody knows.</param>
    public void Tell(string stage, ulong done, ulong total)
    {
        var isNew = stage != _stage;
        if (!isNew && _drawn is { } then && clock.GetElapsedTime(then) < (isTerminal ? OnTerminal : Elsewhere))
        {
            return;
        }

        (_drawn, _stage) = (clock.GetTimestamp(), stage);
        var text = total == 0 ? stage : string.Create(CultureInfo.InvariantCulture, $"{stage} {Share(done, total),4:P0} of {total / Mebi:0.#} MiB");
        if (!isTerminal)
        {
            output.WriteLine(text);
            return;
        }

        var filled = (int)(Share(done, total) * Width);
        var bar = total == 0 ? "" : $"[{new string('#', filled)}{new string('.', Width - filled)}] ";
        output.Write($"\r{$"{bar}{text}".PadRight(Line)}");
    }

    /// <summary>Makes room for other lines; the next stage draws it again.</summary>
    public void Clear()
    {
        if (isTerminal && _drawn is not null)
        {
            output.Write($"\r{new string(' ', Line)}\r");
        }
    }

    public void Dispose() => Clear();

    private static double Share(ulong done, ulong total) => total == 0 ? 0 : Math.Min(1.0, (double)done / total);
}
