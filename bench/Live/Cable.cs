using System.Diagnostics;
using Appliance.Router.Nftables;

namespace Appliance.Benchmarks.Live;

/// <summary>Two network namespaces joined by a virtual cable; gone when disposed.</summary>
internal sealed class Cable : IDisposable
{
    public const string Interface = "cable0";
    public const string NearAddress = "10.72.1.1";

    public static readonly byte[] NearStation = [0x02, 0, 0x5e, 0, 0x72, 0xfe];

    private readonly string _name = $"apt-{Guid.NewGuid().ToString("N")[..8]}";
    private readonly List<string> _made = [];

    public Cable()
    {
        try
        {
            Near = Make($"{_name}n");
            Far = Make($"{_name}f");
            Ip("-n", $"{_name}n", "link", "add", Interface, "address", "02:00:5e:00:72:fe", "type", "veth", "peer", "name", Interface, "netns", $"{_name}f");
            Ip("-n", $"{_name}n", "link", "set", Interface, "up");
            Ip("-n", $"{_name}f", "link", "set", Interface, "up");

            // Only an end that polls takes frames from XDP, and GRO makes it poll; datagrams it leaves as they are.
            Ip("netns", "exec", $"{_name}n", "ethtool", "-K", Interface, "gro", "on");
            Ip("-n", $"{_name}n", "address", "add", $"{NearAddress}/24", "dev", Interface);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where packets arrive.</summary>
    public NetworkNamespace Near { get; } = null!;

    /// <summary>Where they are sent.</summary>
    public NetworkNamespace Far { get; } = null!;

    public void Dispose()
    {
        Near?.Dispose();
        Far?.Dispose();
        foreach (var name in _made)
        {
            Ip("netns", "del", name);
        }
    }

    private static void Ip(params string[] arguments)
    {
        using var child = Process.Start(new ProcessStartInfo("/usr/sbin/ip", arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        var errors = child.StandardError.ReadToEnd();
        child.WaitForExit();
        if (child.ExitCode != 0)
        {
            throw new InvalidOperationException($"ip {string.Join(' ', arguments)} ended with {child.ExitCode}: {errors.Trim()}");
        }
    }

    private NetworkNamespace Make(string name)
    {
        Ip("netns", "add", name);
        _made.Add(name);
        var made = NetworkNamespace.Open($"{NetworkNamespace.NamesFolder}/{name}");
        made.Run(() =>
        {
            // No packets but the measured ones, and none refused for an address without a way back.
            File.WriteAllText("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
            File.WriteAllText("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
            File.WriteAllText("/proc/sys/net/ipv4/conf/default/rp_filter", "0");
            File.WriteAllText("/proc/sys/net/ipv4/conf/all/rp_filter", "0");
            return 0;
        });
        return made;
    }
}
