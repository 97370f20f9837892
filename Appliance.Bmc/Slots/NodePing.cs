using System.ComponentModel;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Appliance.Bmc.Slots;

/// <summary>Sends an echo request to a node that does not answer otherwise: a machine that echoes runs, whatever became of its roles.</summary>
internal sealed partial class NodePing(ILogger<NodePing> logger)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private volatile bool _isRefused;

    /// <summary>Null where this process may not send echo requests, or the name has no address.</summary>
    public async Task<bool?> AnswersAsync(string host, CancellationToken token)
    {
        if (_isRefused)
        {
            return null;
        }

        try
        {
            using var ping = new Ping();
            var reply = await ping.SendPingAsync(host, Limit, cancellationToken: token);
            return reply.Status == IPStatus.Success;
        }
        catch (PlatformNotSupportedException error)
        {
            // Neither a raw socket nor the system's own program: that stays so for the life of the process.
            _isRefused = true;
            LogRefused(error.Message);
            return null;
        }
        catch (Exception error) when (error is PingException or SocketException or Win32Exception)
        {
            // A name without an address, or a system program that cannot be started this time.
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Nodes cannot be sent echo requests: {Reason} Their roles and consoles alone tell whether they run.")]
    private partial void LogRefused(string reason);
}
