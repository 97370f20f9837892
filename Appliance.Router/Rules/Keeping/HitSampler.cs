using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Rules.Keeping;

/// <summary>Reads the counters of rules every few seconds.</summary>
internal sealed partial class HitSampler(RuleHits hits, IOptions<KeepingOptions> options, TimeProvider clock, ILogger<HitSampler> logger) : BackgroundService
{
    private bool _isFaulty;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.HitInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Sample();
            }
        }
        catch (OperationCanceledException)
        {
            // The role stops.
        }
    }

    private void Sample()
    {
        try
        {
            hits.Sample();
            _isFaulty = false;
        }
#pragma warning disable CA1031 // A reading that fails must not end all later ones: it is told once and tried again.
        catch (Exception error)
#pragma warning restore CA1031
        {
            if (!_isFaulty)
            {
                LogFault(error);
            }

            _isFaulty = true;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The counters of rules could not be read; it is tried again.")]
    private partial void LogFault(Exception error);
}
