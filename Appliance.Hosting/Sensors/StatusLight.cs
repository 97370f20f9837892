using Appliance.Hosting.Health;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Appliance.Hosting.Sensors;

/// <summary>Shows the worst state of the role's parts by a light: steady, slow or fast, and off when the role stops.</summary>
/// <remarks>Without a LED, where none is configured, it does nothing.</remarks>
internal sealed partial class StatusLight(IStatusLed? led, HealthBoard board, ILogger<StatusLight> logger) : BackgroundService
{
    private LedPattern _shown = LedPattern.Off;
    private bool _isLost;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Show(LedPattern.Off);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (led is null)
        {
            return;
        }

        try
        {
            await foreach (var _ in board.WatchAsync(stoppingToken))
            {
                Show(PatternOf(board.Snapshot));
            }
        }
        catch (OperationCanceledException)
        {
            // The role stops.
        }
    }

    private static LedPattern PatternOf(IReadOnlyList<PartHealth> parts) =>
        parts.Any(part => part.State == PartState.Failed) ? LedPattern.Fast
            : parts.Any(part => part.State == PartState.Degraded) ? LedPattern.Slow
            : LedPattern.Steady;

    private void Show(LedPattern pattern)
    {
        if (led is null || _isLost || pattern == _shown)
        {
            return;
        }

        try
        {
            led.Show(pattern);
            _shown = pattern;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A light is not worth a degraded role, and trying again with each change helps nobody.
            _isLost = true;
            LogLost(error.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The status light is left dark: {Reason}")]
    private partial void LogLost(string reason);
}
