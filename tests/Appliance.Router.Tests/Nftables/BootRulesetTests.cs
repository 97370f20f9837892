using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Appliance.Router.Nftables;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Changes;
using Appliance.Router.Rules.Policy;
using Appliance.Router.Tests.Rules;
using Appliance.Router.Tests.Rules.Changes;
using Appliance.Tests.Shared;

namespace Appliance.Router.Tests.Nftables;

/// <summary>What is in force between the kernel's start and the Router's, with real packets.</summary>
[Trait("Category", "Slow")]
public sealed class BootRulesetTests : IDisposable
{
    private static readonly string Library = Path.Combine(Checkout.Root, "image/rootfs/usr/lib/appliance");

    private readonly TempFolder _state = new();

    [Fact]
    public void A_good_script_is_loaded()
    {
        using var lab = new Lab();
        Write(Good(), Good());

        var said = Load(lab);

        Assert.EndsWith("ruleset.nft is in force.\n", said);
        Assert.True(lab.Reaches(Lab.ClientAddress, Lab.ServerAddress));
    }

    [Theory]
    [InlineData("damaged", "is damaged: its digest")]
    [InlineData("missing", "ruleset.nft is missing.")]
    [InlineData("cut", "is damaged: its digest")]
    [InlineData("without digest", "is damaged: its digest")]
    [InlineData("refused by nft", "was refused by the kernel.")]
    public void Anything_else_lets_management_in_and_passes_nothing_on(string fault, string why)
    {
        using var lab = new Lab();
        var (script, digested) = fault switch
        {
            "damaged" => (Good().Replace("10.0.0.0", "10.0.0.1", StringComparison.Ordinal).Replace("accept", "acceqt", StringComparison.Ordinal), Good()),
            "cut" => (Good()[..^40], Good()),
            "refused by nft" => ("table inet appliance { chain input { nonsense } }\n", "table inet appliance { chain input { nonsense } }\n"),
            _ => (Good(), Good()),
        };
        Write(script, digested);
        if (fault is "missing" or "without digest")
        {
            File.Delete(_state.File(fault == "missing" ? LastGoodFile.FileName : LastGoodFile.DigestName));
        }

        var said = Load(lab);

        Assert.Contains(why, said);
        Assert.Contains("fallback.nft is in force", said);
        Assert.Equal(
            [true, true, true, false, false, false, false],
            [
                ReachesGateway(lab, Lab.ClientAddress, Lab.GatewayAddress, 7443),
                ReachesGateway(lab, Lab.ClientAddress6, "fd71:1::1", 8443),
                ReachesGateway(lab, Lab.ClientAddress, Lab.GatewayAddress, 8883),
                ReachesGateway(lab, Lab.ClientAddress, Lab.GatewayAddress, 22),
                ReachesGateway(lab, Lab.ClientAddress6, "fd71:1::1", 22),
                lab.Reaches(Lab.ClientAddress, Lab.ServerAddress),
                lab.Reaches(Lab.ClientAddress6, Lab.ServerAddress6),
            ]);
    }

    [Fact]
    public void While_the_script_is_replaced_either_of_the_two_is_good()
    {
        using var lab = new Lab();
        var (old, fresh) = (Good(), Good() + "# another\n");
        foreach (var script in (string[])[old, fresh])
        {
            Write(script, fresh, old);

            Assert.EndsWith("ruleset.nft is in force.\n", Load(lab));
        }
    }

    [Fact]
    public async Task The_Routers_ruleset_takes_the_place_of_the_built_in_one()
    {
        using var lab = new Lab();
        Load(lab);
        var before = lab.Reaches(Lab.ClientAddress, Lab.ServerAddress);

        await lab.OpenFirewall(TimeProvider.System).ApplyAsync(new FirewallState([], []), CancellationToken.None);

        Assert.False(before);
        Assert.True(lab.Reaches(Lab.ClientAddress, Lab.ServerAddress));
    }

    [Fact]
    public async Task What_was_confirmed_is_in_force_after_a_boot_without_its_blocks()
    {
        using var lab = new Lab();
        using var bench = await RuleBench.OpenAsync();
        // The kernel counts the block's time by itself.
        bench.Clock.AdjustTime(TimeProvider.System.GetUtcNow());
        bench.Kernel = lab.OpenFirewall(bench.Clock);
        await bench.ReopenAsync();
        await bench.ApplyAndConfirmAsync(new FirewallPolicy(
            [new Zone("lan", ["lan"]) { IsManagement = true }, new Zone("wan", ["wan"]) { IsOutside = true }],
            [new ZoneDefault("lan", "wan", RuleAction.Accept)],
            new Protections { AntiSpoofing = true },
            [new PolicyRule("no-telnet", "no telnet", 10, new RuleMatch { SourceZones = ["lan"], DestinationPorts = [new PortRange(23, 23)] }, RuleAction.Drop)]));
        var open = lab.Reaches(Lab.ClientAddress, Lab.ServerAddress);
        var applied = lab.Gateway.Nft("list", "table", "inet", "appliance");
        await bench.Store.CreateAsync(Samples.Ask(Lab.ClientAddress), CancellationToken.None);
        var blocked = !lab.Reaches(Lab.ClientAddress, Lab.ServerAddress);
        lab.Gateway.Nft("flush", "ruleset");

        Load(lab, bench.Paths.State);

        Assert.True(open && blocked);
        Assert.True(lab.Reaches(Lab.ClientAddress, Lab.ServerAddress));
        Assert.Equal(WithoutCounts(applied), WithoutCounts(lab.Gateway.Nft("list", "table", "inet", "appliance")));
    }

    [Fact]
    public void The_unit_runs_the_loader_before_the_network()
    {
        var unit = File.ReadAllLines(Path.Combine(Checkout.Root, "image/rootfs/usr/lib/systemd/system/appliance-firewall.service"));

        Assert.Contains("ExecStart=/usr/lib/appliance/load-ruleset", unit);
        Assert.Contains("Before=network-pre.target shutdown.target", unit);
    }

    public void Dispose() => _state.Dispose();

    private static string Good() => RulesetText.Render(new FirewallState([], [Samples.Range("10.0.0.0/8")]), TimeProvider.System.GetUtcNow());

    private static string WithoutCounts(string listed) => string.Join('\n', listed.Split('\n').Where(line => !line.Contains("packets ", StringComparison.Ordinal)));

    private static bool ReachesGateway(Lab lab, string source, string gateway, int port)
    {
        using var listener = lab.Gateway.Inside.Run(() =>
        {
            var local = new IPEndPoint(IPAddress.Parse(gateway), port);
            var socket = new Socket(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(local);
            socket.Listen(1);
            return socket;
        });
        using var client = lab.OpenTcp(source);
        return Lab.Connects(client, listener.LocalEndPoint!) && client.RemoteEndPoint is not null;
    }

    private string Load(Lab lab, string? state = null)
    {
        var (code, _, errors) = Command.Try("", NftProgram.NsenterPath, $"--net={lab.Gateway.Inside.Path}", Path.Combine(Library, "load-ruleset"), state ?? _state.Path, Library);
        Assert.True(code == 0, errors);
        return errors;
    }

    private void Write(string script, params string[] digested)
    {
        File.WriteAllText(_state.File(LastGoodFile.FileName), script);
        File.WriteAllLines(_state.File(LastGoodFile.DigestName), digested.Select(text => $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}  {LastGoodFile.FileName}"));
    }
}
