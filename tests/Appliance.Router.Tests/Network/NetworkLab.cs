using System.Globalization;
using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Health;
using Appliance.Router.Devices;
using Appliance.Router.Network;
using Appliance.Router.Nftables;
using Appliance.Router.Tests.Devices;
using Appliance.Router.Tests.Nftables;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Tests.Network;

/// <summary>A gateway with a real dnsmasq and a client with a real DHCP client, joined by a virtual cable.</summary>
internal sealed class NetworkLab : IAsyncDisposable
{
    public const string ClientStation = "02:00:5e:00:72:02";
    private const string ClientPath = "/usr/sbin/udhcpc";

    // A guard against a hang only.
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();
    private readonly FirewallChoice _firewall;
    private readonly DnsmasqFolder _files;
    private NetworkRun? _run;
    private LeaseWatch? _leases;

    public NetworkLab(NetworkOptions? options = null)
    {
        Assert.SkipUnless(File.Exists(DnsmasqProgram.DnsmasqPath), "Needs /usr/sbin/dnsmasq (dnsmasq-base).");
        Assert.SkipUnless(File.Exists(ClientPath), "Needs /usr/sbin/udhcpc (udhcpc).");
        Settings = options ?? NetworkSettings.One();
        Gateway = new TestNamespace();
        Client = new TestNamespace();
        Join();
        _files = new DnsmasqFolder(new NodePaths(Options.Create(new NodeOptions { StateDirectory = _folder.File("state") }), new RunningRole(Role.Router)));
        _firewall = new FirewallChoice(Options.Create(new FirewallOptions { Namespace = Gateway.Name }), TimeProvider.System);
        Program = new DnsmasqProgram(_files, _firewall, () => (Listed, ListChange.Task), Options.Create(Settings), TimeProvider.System);
    }

    public NetworkOptions Settings { get; }

    /// <summary>Names that feeds list, and what completes when they change.</summary>
    public IReadOnlyList<string> Listed { get; set; } = [];

    public TaskCompletionSource ListChange { get; set; } = new();

    public TestNamespace Gateway { get; }

    public TestNamespace Client { get; }

    public DeviceBench Devices { get; } = new();

    public HealthBoard Board { get; } = new(TimeProvider.System);

    public DnsmasqProgram Program { get; }

    /// <summary>Which process dnsmasq is, by the Router's own note.</summary>
    public int Child => int.Parse(File.ReadAllText(_files.ChildPath).Split(' ')[0], CultureInfo.InvariantCulture);

    public string ChildPath => _files.ChildPath;

    public string LeasesPath => _files.LeasesPath;

    /// <summary>A file of the test's own.</summary>
    public string Scratch(string name) => _folder.File(name);

    /// <summary>Starts the part of the role, and waits until it serves.</summary>
    public async Task StartAsync()
    {
        Create();
        await _leases!.StartAsync(TestContext.Current.CancellationToken);
        await _run!.StartAsync(TestContext.Current.CancellationToken);
        await IsAsync(part => part.Text.StartsWith("dnsmasq gives addresses", StringComparison.Ordinal));
    }

    /// <summary>Starts it with nothing asked for, and waits until it is done with that.</summary>
    public async Task StartDisabledAsync()
    {
        Settings.Enabled = false;
        Create();
        await Task.WhenAll(_leases!.StartAsync(TestContext.Current.CancellationToken), _run!.StartAsync(TestContext.Current.CancellationToken));
        await Task.WhenAll(_leases.ExecuteTask!, _run.ExecuteTask!);
    }

    public async Task StopAsync()
    {
        await (_run?.StopAsync(CancellationToken.None) ?? Task.CompletedTask);
        await (_leases?.StopAsync(CancellationToken.None) ?? Task.CompletedTask);
    }

    /// <summary>Waits until the health part is so.</summary>
    public async Task<PartHealth> IsAsync(Func<PartHealth, bool> wanted)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Guard);
        await foreach (var part in Board.WatchAsync(limit.Token))
        {
            if (part.Part == NetworkRun.Part && wanted(part))
            {
                return part;
            }
        }

        throw new TimeoutException();
    }

    /// <summary>Takes a lease; gives what the client was told, as words.</summary>
    public string[] TakeLease(string name)
    {
        var script = _folder.File("bound");
        if (!File.Exists(script))
        {
            File.WriteAllText(
                script,
                """
                #!/bin/sh
                case "$1" in bound|renew) /usr/sbin/ip address replace "$ip/$mask" dev "$interface" && echo "$ip/$mask router=$router dns=$dns domain=$domain ntp=$ntpsrv lease=$lease" ;; esac
                """);
            Command.Run("/bin/chmod", "u+x", script);
        }

        var output = Command.Run(NftProgram.NsenterPath, $"--net={Client.Inside.Path}", ClientPath, "-i", "eth0", "-f", "-q", "-n", "-t", "10", "-x", $"hostname:{name}", "-s", script);
        return output.Trim().Split(' ');
    }

    /// <summary>Waits until the inventory shows the client with a name.</summary>
    public Task<Device> ShowsAsync(string name) => ShowsAsync(Devices.Inventory, name);

    public static async Task<Device> ShowsAsync(DeviceInventory inventory, string name)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Guard);
        using var watch = inventory.Watch("", 0);
        var found = watch.Snapshot.FirstOrDefault(Names)?.Device;
        while (found is null)
        {
            var change = await watch.Changes.ReadAsync(limit.Token);
            found = Names(change) ? change.Device : null;
        }

        return found;

        bool Names(DeviceChange change) => change.Device?.Traits.Any(trait => trait.Text == name) == true;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _run?.Dispose();
        _leases?.Dispose();
        _firewall.Dispose();
        Devices.Dispose();
        Client.Dispose();
        Gateway.Dispose();
        _folder.Dispose();
    }

    private void Create()
    {
        _leases = new LeaseWatch(_files, Devices.Inventory, Options.Create(Settings), TimeProvider.System, NullLogger<LeaseWatch>.Instance);
        _run = new NetworkRun(Program, Options.Create(Settings), Board, TimeProvider.System, NullLogger<NetworkRun>.Instance);
    }

    private void Join()
    {
        Gateway.Set("net/ipv6/conf/default/accept_dad", "0");
        Client.Set("net/ipv6/conf/default/accept_dad", "0");
        Gateway.Ip("link", "add", NetworkSettings.Interface, "type", "veth", "peer", "name", "eth0", "address", ClientStation, "netns", Client.Name);
        Gateway.Ip("address", "add", $"{NetworkSettings.Gateway}/24", "dev", NetworkSettings.Interface);
        Gateway.Ip("address", "add", $"{NetworkSettings.Gateway6}/64", "dev", NetworkSettings.Interface, "nodad");
        Gateway.Ip("link", "set", NetworkSettings.Interface, "up");
        Client.Ip("link", "set", "eth0", "up");
    }
}
