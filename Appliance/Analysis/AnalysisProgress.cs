using System.Globalization;
using Appliance.Router;

namespace Appliance.Analysis;

/// <summary>Tells how far a long analysis is: a bar on a terminal, a plain line each ten seconds elsewhere.</summary>
internal sealed class AnalysisProgress : IDisposable
{
    private const int BarWidth = 30;
    private static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Elsewhere = TimeSpan.FromSeconds(10);

    private readonly TextWriter _output;
    private readonly PacketPath _path;
    private readonly long _fileBytes;
    private readonly bool _isTerminal;
    private readonly ITimer _timer;
    private bool _hasDrawn;

    public AnalysisProgress(TextWriter output, bool isTerminal, PacketPath path, long fileBytes, TimeProvider clock)
    {
        _output = output;
        _path = path;
        _fileBytes = Math.Max(1, fileBytes);
        _isTerminal = isTerminal;
        var interval = isTerminal ? OnTerminal : Elsewhere;
        _timer = clock.CreateTimer(_ => Draw(), null, interval, interval);
    }

    public void Dispose()
    {
        _timer.Dispose();
        if (_hasDrawn && _isTerminal)
        {
            _output.Write($"\r{new string(' ', BarWidth + 40)}\r");
        }
    }

    private void Draw()
    {
        _hasDrawn = true;
        var totals = _path.Totals;
        // A record has 16 bytes of its own beside the frame; good to a few percent for either format.
        var share = Math.Min(1.0, (totals.Bytes + (16.0 * totals.Packets)) / _fileBytes);
        var text = string.Create(CultureInfo.InvariantCulture, $"{share,4:P0}  {totals.Packets:N0} packets, {totals.Flows:N0} flows");
        if (_isTerminal)
        {
            var filled = (int)(share * BarWidth);
            _output.Write($"\r[{new string('#', filled)}{new string('.', BarWidth - filled)}] {text}");
            return;
        }

        _output.WriteLine(text);
    }
}
