using System.ComponentModel;

namespace Appliance.Router.Nftables;

/// <summary>The network namespace that the firewall enforces in, and the way into it; no namespace means the process's own.</summary>
internal sealed class KernelPlace(NetworkNamespace? home, string name)
{
    private const string Settings = "/proc/sys/net/netfilter";

    /// <summary>As a part of a sentence.</summary>
    public string Name => name;

    /// <summary>True when it is not the process's own.</summary>
    public bool HasHome => home is not null;

    /// <summary>How a child's command begins for it to be there; empty where it is anyway.</summary>
    public IReadOnlyList<string> Entrance => home is null ? [] : [NftProgram.NsenterPath, $"--net={home.Path}"];

    /// <summary>Tells the changes that this process makes from those of others.</summary>
    public OwnChanges Own { get; } = new();

    /// <summary>What others change in the feeds' table, where anybody listens for it.</summary>
    public ChangeSignal? FeedChanges { get; init; }

    public NetlinkSocket OpenNetlink()
    {
        var socket = Run(() => NetlinkSocket.Open(Libc.NetfilterProtocol));
        Own.AddSocket(socket.ReadPort());
        return socket;
    }

    public NftProgram OpenProgram(TimeProvider clock) => new(home, clock) { Own = Own };

    /// <summary>Runs something on a thread inside.</summary>
    public T Run<T>(Func<T> action) => home is null ? action() : home.Run(action);

    /// <summary>Sets a setting of netfilter; null, or why it could not be.</summary>
    public string? Set(string setting, string value) => Run(() =>
    {
        // The files show the namespace of the thread that opens them.
        try
        {
            // Where the unit shows it read-only (ProtectKernelTunables=), whoever prepared the machine has set it.
            if (File.ReadAllText($"{Settings}/{setting}").Trim() != value)
            {
                File.WriteAllText($"{Settings}/{setting}", value);
            }

            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or Win32Exception)
        {
            return error.Message;
        }
    });
}
