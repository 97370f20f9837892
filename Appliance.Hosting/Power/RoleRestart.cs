using System.Globalization;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Appliance.Hosting.Power;

/// <summary>Ends the role's process in order, where something is there that starts it again.</summary>
/// <remarks>A process that ends by itself has exit code 1, on which the unit restarts it (<c>Restart=on-failure</c>).</remarks>
internal sealed partial class RoleRestart(IHostApplicationLifetime lifetime, IOptions<NodeOptions> options, TimeProvider clock, ILogger<RoleRestart> logger)
    : IDisposable
{
    /// <summary>The answer, and the audit entry in the watches of events, leave before streams are ended.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    // systemd.exec(5): set to the process that it started itself, so children that inherit it differ.
    private const string StarterKey = "SYSTEMD_EXEC_PID";

    private readonly Lock _turn = new();
    private ITimer? _timer;

    /// <summary>Begins once, however often it is asked for.</summary>
    public void Begin(string caller)
    {
        var mode = options.Value.Power.RestartRole;
        if (mode == "never" || (mode == "auto" && !IsSupervised))
        {
            throw new BusyException(
                "NOT_SUPERVISED",
                $"This role would stay down: Node:Power:RestartRole is '{mode}'{(mode == "auto" ? " and systemd did not start it" : "")}; set it to 'always' where something starts it again.");
        }

        lock (_turn)
        {
            if (_timer is not null)
            {
                return;
            }

            LogRestarts(caller);
            _timer = clock.CreateTimer(_ => lifetime.StopApplication(), null, Grace, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer?.Dispose();

    private static bool IsSupervised => Environment.GetEnvironmentVariable(StarterKey) == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    [LoggerMessage(Level = LogLevel.Information, Message = "The role stops to be started again, asked by {Caller}.")]
    private partial void LogRestarts(string caller);
}
