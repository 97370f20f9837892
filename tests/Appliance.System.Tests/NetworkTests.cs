namespace Appliance.SystemTests;

/// <summary>Addresses and names that a running gateway gives to its network.</summary>
[Collection("the machine's ports")]
public sealed class NetworkTests
{
    private const string Client = "/usr/sbin/udhcpc";
    private const string Name = "kitchen-cam";

    private static readonly object Settings = new
    {
        Enabled = true,
        Lans = new[] { new { Interface = "hall", Gateway = $"{GatewayLab.HallGatewayAddress}/24", First = "10.71.11.100", Last = "10.71.11.150" } },
    };

    [Fact]
    public async Task Client_gets_an_address_is_listed_and_found_by_name_and_nothing_of_dnsmasq_outlives_a_killed_Router()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/dnsmasq") && File.Exists(Client) && Tool.Has("busybox"), "dnsmasq, udhcpc or busybox is missing; ./test installs them.");
        await using var lab = await GatewayLab.LayAsync();
        await lab.InHallAsync("ip", "address", "flush", "dev", "eth0");
        await using var first = await lab.StartRouterAsync(Settings);
        await lab.ImportAsync(managing: "desk");
        await lab.AskAsync("rules", "apply");

        var address = await TakeLeaseAsync(lab);
        var device = await GatewayLab.UntilAsync(() => FindAsync(lab), found => found.Contains(Name, StringComparison.Ordinal));
        var answer = await LookUpAsync(lab);
        var running = await lab.ProcessesAsync();
        var child = (await File.ReadAllTextAsync(Path.Combine(lab.RouterState, "network", "child"), TestContext.Current.CancellationToken)).Split(' ')[0];
        await first.KillAsync();
        await GatewayLab.UntilAsync(lab.ProcessesAsync, left => left.Length == 0);
        var unanswered = await LookUpAsync(lab);
        await using var second = await lab.StartRouterAsync(Settings);
        var known = await GatewayLab.UntilAsync(() => LookUpAsync(lab), found => found.ExitCode == 0);

        Assert.Matches(@"^10\.71\.11\.1\d\d$", address);
        Assert.Contains($"\"{GatewayLab.HallStation}\"", device, StringComparison.Ordinal);
        Assert.Contains($"\"{address}\"", device, StringComparison.Ordinal);
        Assert.Contains(address, answer.Output, StringComparison.Ordinal);
        Assert.Contains(child, running.Split('\n'));
        Assert.NotEqual(0, unanswered.ExitCode);
        Assert.Contains(address, known.Output, StringComparison.Ordinal);
    }

    /// <summary>A real DHCP client takes a lease and the address in it.</summary>
    private static async Task<string> TakeLeaseAsync(GatewayLab lab)
    {
        var script = Path.Combine(lab.RouterState, "..", "bound");
        await File.WriteAllTextAsync(
            script,
            """
            #!/bin/sh
            case "$1" in bound|renew) ip address replace "$ip/$mask" dev "$interface" && echo "address $ip" ;; esac
            """);
        await lab.InHallAsync("chmod", "u+x", script);
        var taken = await lab.InHallAsync(Client, "-i", "eth0", "-f", "-q", "-n", "-t", "10", "-x", $"hostname:{Name}", "-s", script);
        Assert.True(taken.ExitCode == 0, taken.All);
        return taken.Output.Split('\n').Single(line => line.StartsWith("address ", StringComparison.Ordinal))["address ".Length..];
    }

    /// <summary>The station as the inventory lists it; empty while it does not.</summary>
    private static async Task<string> FindAsync(GatewayLab lab)
        => (await lab.AskAsync("devices", "list")).Where(device => device.GetProperty("id").GetString() == GatewayLab.HallStation).Select(device => device.ToString()).FirstOrDefault() ?? "";

    private static Task<Tool.Result> LookUpAsync(GatewayLab lab) => lab.InHallAsync("busybox", "nslookup", $"{Name}.home.arpa", GatewayLab.HallGatewayAddress);
}
