using System.Globalization;

namespace Appliance.Training;

/// <summary>Tells how far reading and training are: a bar on a terminal, a plain line each ten seconds elsewhere.</summary>
internal sealed class TrainingReport(TextWriter output, bool isTerminal, TimeProvider clock) : IDisposable
{
    private const int BarWidth = 30;
    private readonly TimeSpan _interval = isTerminal ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(10);
    private long _told = clock.GetTimestamp();
    private int _drawnWidth;

    public void Tell(int done, int all, string text)
    {
        if (clock.GetElapsedTime(_told) < _interval)
        {
            return;
        }

        _told = clock.GetTimestamp();
        var line = string.Create(CultureInfo.InvariantCulture, $"{done} of {all} {text}");
        if (!isTerminal)
        {
            output.WriteLine(line);
            return;
        }

        var filled = done * BarWidth / Math.Max(1, all);
        line = $"[{new string('#', filled)}{new string('.', BarWidth - filled)}] {line}";
        output.Write($"\r{line.PadRight(_drawnWidth)}");
        _drawnWidth = line.Length;
    }

    public void Dispose()
    {
        if (_drawnWidth > 0)
        {
            output.Write($"\r{new string(' ', _drawnWidth)}\r");
        }
    }
}
