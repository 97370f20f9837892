using System.Globalization;

namespace Appliance.Hosting.Health;

/// <summary>What the service manager wants to be told, and where: that the process is ready, and within each period that it lives (sd_notify(3), sd_watchdog_enabled(3)).</summary>
/// <param name="Socket">Empty where nobody wants to be told.</param>
/// <param name="Period">Zero where it need not say that it lives.</param>
internal sealed record ServiceOrder(string Socket, TimeSpan Period)
{
    public const string SocketKey = "NOTIFY_SOCKET";
    public const string PeriodKey = "WATCHDOG_USEC";
    public const string ProcessKey = "WATCHDOG_PID";

    /// <summary>Read from the environment. Children of the process that is watched inherit it, and are not.</summary>
    public static ServiceOrder From(Func<string, string?> environment, int process)
    {
        var isWatched = environment(ProcessKey) is not { Length: > 0 } watched || watched == process.ToString(CultureInfo.InvariantCulture);
        var hasPeriod = long.TryParse(environment(PeriodKey), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
            && microseconds <= long.MaxValue / TimeSpan.TicksPerMicrosecond;
        return new ServiceOrder(environment(SocketKey) ?? "", isWatched && hasPeriod ? TimeSpan.FromMicroseconds(microseconds) : TimeSpan.Zero);
    }
}
