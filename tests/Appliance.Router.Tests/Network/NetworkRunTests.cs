using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Appliance.Hosting.Health;
using Appliance.Router.Decoding;
using Appliance.Router.Devices;
using Appliance.Router.Network;
using Appliance.Router.Tests.Nftables;

namespace Appliance.Router.Tests.Network;

/// <summary>dnsmasq as the Router runs it, with a client that takes its leases.</summary>
[Trait("Category", "Slow")]
public sealed class NetworkRunTests
{
    private const string LinkPrefix6 = "fd72:1:";

    [Fact]
    public async Task Client_gets_an_address_and_the_inventory_shows_it_by_name()
    {
        await using var lab = new NetworkLab();
        await lab.StartAsync();

        var lease = lab.TakeLease("kitchen-cam");
        var device = await lab.ShowsAsync("kitchen-cam");

        Assert.Matches(@"^10\.72\.1\.1[012]\d/24$", lease[0]);
        Assert.Equal(["router=10.72.1.1", "dns=10.72.1.1", "domain=home.arpa", "ntp=", "lease=43200"], lease[1..]);
        Assert.Equal(NetworkLab.ClientStation, device.Id);
        Assert.Equal(lease[0], $"{IPAddresses.ToIPAddress(Assert.Single(device.Addresses).Address)}/24");
        Assert.Equal([new DeviceTrait(TraitSource.LeaseName, "kitchen-cam")], device.Traits);
        Assert.Equal("camera", device.Kind.Word);
    }

    [Fact]
    public async Task Name_of_a_client_is_resolved_in_both_families()
    {
        await using var lab = new NetworkLab();
        await lab.StartAsync();
        var address = lab.TakeLease("printer")[0].Split('/')[0];

        var short_ = await NameAnswer.AskAsync(lab.Client, NetworkSettings.Gateway, "printer");
        var full = await NameAnswer.AskAsync(lab.Client, NetworkSettings.Gateway, "printer.home.arpa");
        var unknown = await NameAnswer.AskAsync(lab.Client, NetworkSettings.Gateway, "scanner.home.arpa");

        Assert.Equal([address], short_.Addresses);
        Assert.Equal([address], full.Addresses);
        Assert.Equal(NameAnswer.NoSuchName, unknown.Code);
    }

    [Fact]
    public async Task Static_lease_local_name_and_time_server_are_given()
    {
        var options = NetworkSettings.One();
        options.StaticLeases = [new StaticLeaseOptions { Mac = NetworkLab.ClientStation, Address = "10.72.1.7", Name = "hall-cam" }];
        options.LocalNames = [new LocalNameOptions { Name = "nas", Address = "10.72.1.5" }];
        options.Lans[0].NtpServers = ["10.72.1.1"];
        await using var lab = new NetworkLab(options);
        lab.Client.Ip("address", "add", "10.72.1.2/24", "dev", "eth0");
        await lab.StartAsync();

        var early = await NameAnswer.AskAsync(lab.Client, "10.72.1.1", "hall-cam.home.arpa");
        var lease = lab.TakeLease("whatever");
        var device = await lab.ShowsAsync("hall-cam");
        var nas = await NameAnswer.AskAsync(lab.Client, "10.72.1.1", "nas.home.arpa");

        Assert.Equal(["10.72.1.7"], early.Addresses);
        Assert.Equal("10.72.1.7/24", lease[0]);
        Assert.Equal("ntp=10.72.1.1", lease[4]);
        Assert.Equal(NetworkLab.ClientStation, device.Id);
        Assert.Equal(["10.72.1.5"], nas.Addresses);
    }

    [Fact]
    public async Task Blocked_names_do_not_exist_and_a_changed_list_counts_soon()
    {
        var options = NetworkSettings.One();
        await using var lab = new NetworkLab(options);
        using var upstream = new UpstreamServer(lab.Gateway);
        options.Blocklists = [lab.Scratch("blocked")];
        options.BlocklistInterval = TimeSpan.FromSeconds(1);
        await File.WriteAllTextAsync(lab.Scratch("blocked"), "0.0.0.0 ads.example.com\nno list's line\n", TestContext.Current.CancellationToken);
        lab.Client.Ip("address", "add", "10.72.1.2/24", "dev", "eth0");
        await lab.StartAsync();
        var child = lab.Child;

        var blocked = await NameAnswer.AskAsync(lab.Client, NetworkSettings.Gateway, "ads.example.com");
        var below = await NameAnswer.AskAsync(lab.Client, NetworkSettings.Gateway, "x.ads.example.com");
        var free = await NameAnswer.AskAsync(lab.Client, NetworkSettings.Gateway, "www.example.com");
        await File.WriteAllTextAsync(lab.Scratch("blocked"), "www.example.com\nother.example.com\n", TestContext.Current.CancellationToken);
        await lab.IsAsync(part => part.Text.EndsWith("2 names are blocked.", StringComparison.Ordinal));
        await UntilAsync(async () => (await NameAnswer.AskAsync(lab.Client, NetworkSettings.Gateway, "www.example.com")).Code == NameAnswer.NoSuchName);
        var freed = await NameAnswer.AskAsync(lab.Client, NetworkSettings.Gateway, "ads.example.com");

        Assert.Equal(NameAnswer.NoSuchName, blocked.Code);
        Assert.Equal(NameAnswer.NoSuchName, below.Code);
        Assert.Equal([UpstreamServer.PublicAddress], free.Addresses);
        Assert.Equal([UpstreamServer.PublicAddress], freed.Addresses);
        Assert.Equal(child, lab.Child);
    }

    [Fact]
    public async Task Names_that_feeds_list_do_not_exist_as_soon_as_a_feed_has_changed()
    {
        await using var lab = new NetworkLab();
        using var upstream = new UpstreamServer(lab.Gateway);
        lab.Listed = ["ads.example.com"];
        lab.Client.Ip("address", "add", "10.72.1.2/24", "dev", "eth0");
        await lab.StartAsync();

        var blocked = await NameAnswer.AskAsync(lab.Client, NetworkSettings.Gateway, "ads.example.com");
        var change = lab.ListChange;
        (lab.Listed, lab.ListChange) = (["ads.example.com", "www.example.com"], new TaskCompletionSource());
        change.SetResult();
        await lab.IsAsync(part => part.Text.EndsWith("2 names are blocked.", StringComparison.Ordinal));

        Assert.Equal(NameAnswer.NoSuchName, blocked.Code);
        await UntilAsync(async () => (await NameAnswer.AskAsync(lab.Client, NetworkSettings.Gateway, "www.example.com")).Code == NameAnswer.NoSuchName);
    }

    [Theory]
    [InlineData(true, "")]
    [InlineData(false, UpstreamServer.PrivateAddress)]
    public async Task Name_of_the_internet_with_a_private_address_is_withheld(bool isProtected, string expected)
    {
        var options = NetworkSettings.One();
        options.RebindProtection = isProtected;
        await using var lab = new NetworkLab(options);
        using var upstream = new UpstreamServer(lab.Gateway);
        lab.Client.Ip("address", "add", "10.72.1.2/24", "dev", "eth0");
        await lab.StartAsync();

        var answer = await NameAnswer.AskAsync(lab.Client, NetworkSettings.Gateway, "private.example.com");

        Assert.Equal(expected, string.Join(',', answer.Addresses));
    }

    [Fact]
    public async Task Killed_dnsmasq_is_started_again_and_knows_its_leases()
    {
        await using var lab = new NetworkLab();
        await lab.StartAsync();
        var lease = lab.TakeLease("tv");
        var first = lab.Child;

        Process.GetProcessById(first).Kill();
        await lab.IsAsync(part => part.State == PartState.Failed);
        await lab.IsAsync(part => part.State == PartState.Healthy);
        var answer = await NameAnswer.AskAsync(lab.Client, NetworkSettings.Gateway, "tv.home.arpa");
        var again = lab.TakeLease("tv");

        Assert.NotEqual(first, lab.Child);
        Assert.Equal(lease[0].Split('/')[0], Assert.Single(answer.Addresses));
        Assert.Equal(lease[0], again[0]);
    }

    [Fact]
    public async Task Leases_of_an_earlier_run_are_in_the_inventory_at_once()
    {
        await using var lab = new NetworkLab();
        await lab.StartAsync();
        lab.TakeLease("tv");
        await lab.ShowsAsync("tv");
        var child = lab.Child;
        await lab.StopAsync();
        var ended = !Directory.Exists($"/proc/{child}");
        var before = lab.Devices.Inventory.All.Count;
        lab.Devices.Reopen();
        var forgotten = lab.Devices.Inventory.All.Count;

        await lab.StartAsync();
        var device = await lab.ShowsAsync("tv");

        Assert.True(ended);
        Assert.Equal((1, 0), (before, forgotten));
        Assert.Equal(NetworkLab.ClientStation, device.Id);
    }

    [Fact]
    public async Task Hosts_make_ipv6_addresses_and_are_told_the_name_server()
    {
        await using var lab = new NetworkLab();
        await lab.StartAsync();

        await UntilAsync(() => Task.FromResult(Command.Run("/usr/sbin/ip", "-n", lab.Client.Name, "-6", "address", "show", "dev", "eth0", "scope", "global").Contains(LinkPrefix6, StringComparison.Ordinal)));
        var reply = await AskForServersAsync(lab.Client);
        var answer = await NameAnswer.AskAsync(lab.Client, NetworkSettings.Gateway6, "x.home.arpa", NameAnswer.IPv6);

        // RFC 3646, 3: option 23, 16 bytes, the server's address.
        byte[] option = [0, 23, 0, 16, .. IPAddress.Parse(NetworkSettings.Gateway6).GetAddressBytes()];
        Assert.True(reply.AsSpan().IndexOf(option) > 0);
        Assert.Equal(NameAnswer.NoSuchName, answer.Code);
    }

    [Fact]
    public async Task Dnsmasq_has_no_rights_but_those_of_its_work_and_sees_no_file_of_the_role()
    {
        await using var lab = new NetworkLab();
        await lab.StartAsync();

        var status = await File.ReadAllLinesAsync($"/proc/{lab.Child}/status", TestContext.Current.CancellationToken);

        // CAP_NET_BIND_SERVICE (10), CAP_NET_ADMIN (12) and CAP_NET_RAW (13).
        Assert.All(["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"], set => Assert.Contains($"{set}:\t0000000000003400", status));
        Assert.Contains("NoNewPrivs:\t1", status);
        Assert.DoesNotContain(status, line => line.StartsWith("Uid:\t0", StringComparison.Ordinal));
        Assert.Empty(Directory.EnumerateFileSystemEntries(DnsmasqFolder.MountPoint));
        Assert.Equal("700", Command.Run("/usr/bin/stat", "-c", "%a", Path.GetFullPath($"{lab.LeasesPath}/../..")).Trim());
    }

    [Fact]
    public async Task Nothing_is_started_unless_it_is_asked_for()
    {
        await using var lab = new NetworkLab();

        await lab.StartDisabledAsync();

        Assert.Empty(lab.Board.Snapshot);
        Assert.False(Directory.Exists(Path.GetDirectoryName(lab.LeasesPath)));
    }

    // Waits for what nobody tells of; ends with the test's own limit.
    internal static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await holds())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }

    // RFC 8415, 18.2.6: an information-request with the client's DUID (1) and the option wanted (6: 23).
    private static async Task<byte[]> AskForServersAsync(TestNamespace place)
    {
        var index = int.Parse(Command.Run("/usr/sbin/ip", "-n", place.Name, "-o", "link", "show", "eth0").Split(':')[0], CultureInfo.InvariantCulture);
        using var socket = place.Inside.Run(() =>
        {
            var opened = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
            opened.Bind(new IPEndPoint(IPAddress.IPv6Any, 546));
            return opened;
        });
        byte[] request = [11, 1, 2, 3, 0, 1, 0, 10, 0, 3, 0, 1, 2, 0, 0x5e, 0, 0x72, 2, 0, 6, 0, 2, 0, 23];
        await socket.SendToAsync(request, new IPEndPoint(IPAddress.Parse($"ff02::1:2%{index}"), 547), TestContext.Current.CancellationToken);
        var reply = new byte[2048];
        return reply[..await socket.ReceiveAsync(reply, TestContext.Current.CancellationToken)];
    }
}
