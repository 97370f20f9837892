using System.Globalization;

namespace Appliance.Evaluation;

/// <summary>Tells which capture is looked at: a bar on a terminal, a plain line each ten seconds elsewhere.</summary>
internal sealed class EvaluationProgress : IDisposable
{
    private const int BarWidth = 30;
    private static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Elsewhere = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly TextWriter _output;
    private readonly bool _isTerminal;
    private readonly int _count;
    private readonly ITimer _timer;
    private int _done = -1;
    private string _file = "";
    private int _drawnWidth;

    public EvaluationProgress(TextWriter output, bool isTerminal, int count, TimeProvider clock)
    {
        _output = output;
        _isTerminal = isTerminal;
        _count = count;
        var interval = isTerminal ? OnTerminal : Elsewhere;
        _timer = clock.CreateTimer(_ => Draw(), null, interval, interval);
    }

    public void Next(string file)
    {
        lock (_gate)
        {
            _done++;
            _file = file;
        }
    }

    /// <summary>Tells of work after the last capture.</summary>
    public void Show(string work)
    {
        lock (_gate)
        {
            _done = _count;
            _file = work;
        }
    }

    /// <summary>Takes the bar away, so that a line of the result can stand there.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            if (_drawnWidth > 0)
            {
                _output.Write($"\r{new string(' ', _drawnWidth)}\r");
                _drawnWidth = 0;
            }
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        Clear();
    }

    private void Draw()
    {
        lock (_gate)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, _done)} of {_count} captures, now {_file}");
            if (!_isTerminal)
            {
                _output.WriteLine(text);
                return;
            }

            var filled = Math.Max(0, _done) * BarWidth / _count;
            var line = $"[{new string('#', filled)}{new string('.', BarWidth - filled)}] {text}";
            _output.Write($"\r{line.PadRight(_drawnWidth)}");
            _drawnWidth = line.Length;
        }
    }
}
