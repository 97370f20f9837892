using Appliance.Hosting.Errors;
using Appliance.Hosting.Events;
using Appliance.Hosting.Health;
using Appliance.Hosting.Identity;
using Microsoft.Extensions.Hosting;

namespace Appliance.Hosting.Enrollment;

/// <summary>Renews the node's certificate when two thirds of its life are over, and says so when that can't be done.</summary>
internal sealed class RenewalRun(NodeCredentials credentials, CertificateRenewal renewal, EventLog events, TimeProvider clock) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>From one try that failed to the next: with 90 days, a month of hours is left.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    private static readonly TimeSpan TellAgain = TimeSpan.FromDays(1);

    private DateTimeOffset _next;
    private DateTimeOffset _told;

    /// <summary>One look at the clock; renews where it is time.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (now < DueTime() || now < _next)
        {
            return;
        }

        // Also after a success: a signer with another clock must not be asked every minute.
        _next = now + Pause;
        try
        {
            await renewal.RenewAsync(cancellationToken);
            _told = default;
        }
        catch (Exception error) when (error is ApplianceException or IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            if (now - _told >= TellAgain)
            {
                _told = now;
                events.Tell(EventSeverity.Warning, CertificateWatch.Part, $"not renewed, it ends {credentials.Current.ExpireTime.UtcDateTime:yyyy-MM-dd HH:mm}Z: {error.Message}");
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do
            {
                await LookAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The role stops.
        }
    }

    private DateTimeOffset DueTime()
    {
        var certificate = credentials.Current.Certificate;
        return new DateTimeOffset(certificate.NotBefore) + ((certificate.NotAfter - certificate.NotBefore) * (2.0 / 3));
    }
}
