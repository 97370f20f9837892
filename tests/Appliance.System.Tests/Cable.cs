using System.Text.Json;
using Appliance.Tests.Shared;

namespace Appliance.SystemTests;

/// <summary>Two network namespaces of the test's own with a cable between them: one that the appliance watches in, one that attacks from.</summary>
internal sealed class Cable : IAsyncDisposable
{
    public const string Device = "iot0";
    public const string WatchedAddress = "10.71.9.1";
    public const string AttackerAddress = "10.71.9.2";

    private static readonly TimeSpan Short = TimeSpan.FromSeconds(20);

    private readonly string _name = NamespaceName.New();

    private Cable()
    {
    }

    /// <summary>Where the appliance runs.</summary>
    public string Watched => $"/run/netns/{_name}";

    private string Attacker => $"{_name}-far";

    public static async Task<Cable> LayAsync()
    {
        var cable = new Cable();
        await IpAsync("netns", "add", cable._name);
        await IpAsync("netns", "add", cable.Attacker);
        await IpAsync("-n", cable._name, "link", "set", "lo", "up");
        await IpAsync("-n", cable._name, "link", "add", Device, "type", "veth", "peer", "name", "eth0", "netns", cable.Attacker);
        await IpAsync("-n", cable._name, "address", "add", $"{WatchedAddress}/24", "dev", Device);
        await IpAsync("-n", cable.Attacker, "address", "add", $"{AttackerAddress}/24", "dev", "eth0");
        await IpAsync("-n", cable._name, "link", "set", Device, "up");
        await IpAsync("-n", cable.Attacker, "link", "set", "eth0", "up");
        return cable;
    }

    /// <summary>A real scan from the far end.</summary>
    public Task<Tool.Result> ScanAsync()
        => Tool.RunAsync(TimeSpan.FromSeconds(60), "ip", "netns", "exec", Attacker, "nmap", "-sS", "-n", "-Pn", "-p", "1-300", "-T4", WatchedAddress);

    /// <summary>Datagrams of zeros from the far end, each a frame of 42 bytes more.</summary>
    public async Task SendAsync(int count, int size, int port)
    {
        var script = $"import socket; s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); [s.sendto(bytes({size}),('{WatchedAddress}',{port})) for i in range({count})]";
        var sent = await Tool.RunAsync(TimeSpan.FromSeconds(60), "ip", "netns", "exec", Attacker, "/usr/bin/python3", "-c", script);
        Assert.True(sent.ExitCode == 0, sent.All);
    }

    /// <summary>Takes the cable out of both ends.</summary>
    public Task UnplugAsync() => IpAsync("-n", _name, "link", "del", Device);

    /// <summary>How many still have the watched device in promiscuous mode.</summary>
    public async Task<int> PromiscuityAsync()
    {
        var shown = await Tool.RunAsync(Short, "ip", "-n", _name, "-j", "-d", "link", "show", Device);
        using var links = JsonDocument.Parse(shown.Output);
        return links.RootElement[0].GetProperty("promiscuity").GetInt32();
    }

    /// <summary>The firewall's tables of the watched end.</summary>
    public async Task<string> TablesAsync() => (await Tool.RunAsync(Short, "ip", "netns", "exec", _name, "nft", "list", "tables")).Output;

    public async ValueTask DisposeAsync()
    {
        await IpAsync("netns", "del", _name);
        await IpAsync("netns", "del", Attacker);
    }

    private static async Task IpAsync(params string[] arguments)
    {
        var done = await Tool.RunAsync(Short, "ip", arguments);
        Assert.True(done.ExitCode == 0, $"ip {string.Join(' ', arguments)}: {done.All}");
    }
}
