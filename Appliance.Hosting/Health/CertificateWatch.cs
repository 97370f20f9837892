using Appliance.Hosting.Identity;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Appliance.Hosting.Health;

/// <summary>Takes replaced certificates into use and warns a month before the node's own ends.</summary>
internal sealed partial class CertificateWatch(NodeCredentials credentials, HealthBoard board, TimeProvider clock, ILogger<CertificateWatch> logger)
    : BackgroundService
{
    public const string Part = "certificate";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WarnAhead = TimeSpan.FromDays(30);

    /// <summary>One look at the files and at the clock.</summary>
    public void Look()
    {
        if (credentials.TryRefresh(out var faults))
        {
            LogTaken(credentials.Current.Certificate.SerialNumber, credentials.Current.ExpireTime);
        }

        var expireTime = credentials.Current.ExpireTime;
        var left = expireTime - clock.GetUtcNow();
        var end = $"certificate ends {expireTime.UtcDateTime:yyyy-MM-dd HH:mm}Z";
        if (left <= TimeSpan.Zero)
        {
            board.Report(Part, PartState.Failed, $"{end}, it has expired; issue a new one with 'appliance pki issue'");
        }
        else if (faults.Count > 0)
        {
            board.Report(Part, PartState.Degraded, $"{end}; its replacement is not usable: {string.Join(" ", faults)}");
        }
        else
        {
            board.Report(Part, left < WarnAhead ? PartState.Degraded : PartState.Healthy, left < WarnAhead ? $"{end}; issue a new one with 'appliance pki issue'" : end);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do
            {
                Look();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The role stops.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Certificate {SerialNumber} is in use until {ExpireTime}.")]
    private partial void LogTaken(string serialNumber, DateTimeOffset expireTime);
}
