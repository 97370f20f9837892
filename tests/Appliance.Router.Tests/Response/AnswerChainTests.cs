using System.Net;
using System.Net.NetworkInformation;
using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Appliance.Router.Capture;
using Appliance.Router.Nftables;
using Appliance.Router.Response;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Keeping;
using Appliance.Router.Tests.Nftables;
using Appliance.Router.Tests.Nftables.Policies;
using Appliance.Router.Tests.Rules;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using static Appliance.Router.Tests.Response.Facts;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Response;

/// <summary>From an alert's facts to packets in the lab: nothing between them is a test's own.</summary>
public sealed class AnswerChainTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private const string ForgerStation = "02:00:5e:00:71:66";

    private readonly SetClock _clock = new(TimeProvider.System.GetUtcNow());
    private readonly Lab _lab = new();
    private readonly FixedHost _host = new();
    private RuleDatabase? _database;
    private BlockStore? _store;

    [Fact]
    public async Task An_attack_is_answered_and_the_undone_answer_lets_the_packets_through_for_good()
    {
        var responder = await StartAsync();
        var before = Passes(Lab.ClientAddress);

        await responder.AnswerAsync(Attack(Lab.ClientAddress), CancellationToken.None);
        var during = (Passes(Lab.ClientAddress), Passes(Lab.ClientAddress6));
        var block = Assert.Single(_store!.All);
        await _store.DeleteAsync(block.Id, CancellationToken.None);
        await responder.AnswerAsync(Attack(Lab.ClientAddress) with { Severity = AlertSeverity.Critical }, CancellationToken.None);

        Assert.True(before);
        Assert.Equal((Target(Lab.ClientStation), (false, false)), (block.Target, during));
        Assert.True(Passes(Lab.ClientAddress));
    }

    [Fact]
    public async Task A_dry_run_stops_no_packet_until_the_trial_is_over()
    {
        var responder = await StartAsync(ResponseOptions.Trial);

        await responder.AnswerAsync(Attack(Lab.ClientAddress), CancellationToken.None);
        var tried = (_store!.All.Count, Passes(Lab.ClientAddress));
        _clock.Advance(TimeSpan.FromDays(1));
        await _store.ExpireAsync(CancellationToken.None);
        await responder.AnswerAsync(Attack(Lab.ClientAddress, "alert-2"), CancellationToken.None);

        Assert.Equal((1, true), tried);
        Assert.False(Passes(Lab.ClientAddress));
    }

    [Fact]
    public async Task Protected_addresses_are_answered_at_neither_as_source_nor_as_target()
    {
        _host.Ranges = [Lab.ClientAddress, Lab.ServerAddress];
        var responder = await StartAsync();

        await responder.AnswerAsync(Attack(Lab.ClientAddress), CancellationToken.None);
        await responder.AnswerAsync(Flood(Lab.ServerAddress) with { Id = "alert-2" }, CancellationToken.None);

        Assert.Empty(_store!.All);
        Assert.True(Passes(Lab.ClientAddress));
    }

    [Fact]
    public async Task A_station_that_forges_a_protected_source_gets_nobody_blocked_and_is_shut_out_alone_until_that_is_undone()
    {
        _host.Ranges = [Lab.ClientAddress];
        var responder = await StartAsync();

        await responder.AnswerAsync(Scan(Lab.ClientAddress, "alert-1") with { SourceMac = Target(ForgerStation).ToBytes() }, CancellationToken.None);
        var unanswered = (_store!.All.Count, IsForgedPassing(), Passes(Lab.ClientAddress));
        var block = await _store.CreateAsync(Ask(ForgerStation), CancellationToken.None);
        var blocked = (IsForgedPassing(), Passes(Lab.ClientAddress));
        await _store.DeleteAsync(block.Id, CancellationToken.None);

        Assert.Equal((0, true, true), unanswered);
        Assert.Equal((false, true), blocked);
        Assert.True(IsForgedPassing());
    }

    [Fact]
    public async Task A_flood_from_forged_sources_is_limited_at_its_target_and_blocks_nobody()
    {
        var options = ResponseBench.Enforcing();
        options.PacketsPerSecond = 1;
        var response = await StartAsync(options, capture: null);
        await response.Responder.AnswerAsync(Flood(Lab.ServerAddress) with { SourceMac = default }, CancellationToken.None);

        var arrived = CountArrived(300);

        Assert.Equal(BlockAction.RateLimit, Assert.Single(_store!.All).Action);
        Assert.InRange(arrived, 1, 299);
    }

    [Fact]
    public async Task A_station_in_an_allowed_zone_keeps_its_way_by_what_the_kernel_knows_of_it()
    {
        Passes(Lab.ClientAddress);
        var options = ResponseBench.Enforcing();
        options.AllowZones = ["lan"];
        using var choice = new FirewallChoice(Options.Create(new FirewallOptions { Enforce = EnforceMode.Kernel, Namespace = _lab.Gateway.Name }), _clock);
        var response = await StartAsync(options, capture: new CaptureOptions { Interfaces = [new InterfaceOptions { Name = "lan" }, new InterfaceOptions { Name = "wan", Zone = "wan" }] });
        response.Links.Neighbors.AddRange(new KernelLinks(choice, NullLogger<KernelLinks>.Instance).ReadNeighbors());

        await response.Responder.AnswerAsync(Attack(Lab.ClientAddress), CancellationToken.None);
        var spared = Passes(Lab.ClientAddress);
        await response.Responder.AnswerAsync(Attack(Lab.ServerAddress, "alert-2") with { SourceMac = default }, CancellationToken.None);

        Assert.True(spared);
        Assert.Equal(Target(Lab.ServerAddress), Assert.Single(_store!.All).Target);
    }

    public void Dispose()
    {
        _store?.Dispose();
        _database?.Dispose();
        _lab.Dispose();
        _folder.Dispose();
    }

    private static AlertFacts Attack(string source, string id = "alert-1") => Scan(source, id) with { SourceMac = Target(Lab.ClientStation).ToBytes() };

    /// <summary>True when a datagram gets through that shows the client's address, in a frame of another station on its cable.</summary>
    private bool IsForgedPassing()
    {
        using var receiver = Lab.OpenUdp(_lab.Server, Lab.ServerAddress);
        using var wire = _lab.Client.Inside.Run(() => new Wire("eth0"));
        var port = ((IPEndPoint)receiver.LocalEndPoint!).Port;
        var gateway = _lab.Gateway.Inside.Run(() => NetworkInterface.GetAllNetworkInterfaces().Single(found => found.Name == "lan").GetPhysicalAddress().GetAddressBytes());
        var packet = Packet.Udp(IPAddress.Parse(Lab.ClientAddress), IPAddress.Parse(Lab.ServerAddress), port).ToBytes();
        wire.Send([.. gateway, .. Target(ForgerStation).ToBytes(), 0x08, 0x00, .. packet]);
        return Lab.Receives(receiver);
    }

    private bool Passes(string source) => _lab.Reaches(source, source == Lab.ClientAddress6 ? Lab.ServerAddress6 : Lab.ServerAddress);

    /// <summary>How many of so many new connections get their first packet through.</summary>
    private int CountArrived(int count)
    {
        using var receiver = Lab.OpenUdp(_lab.Server, Lab.ServerAddress);
        receiver.ReceiveBufferSize = 1 << 20;
        for (var index = 0; index < count; index++)
        {
            using var sender = Lab.OpenUdp(_lab.Client, Lab.ClientAddress);
            sender.SendTo([1], receiver.LocalEndPoint!);
        }

        var arrived = 0;
        while (Lab.Receives(receiver))
        {
            arrived++;
        }

        return arrived;
    }

    private async Task<AlertResponder> StartAsync(string mode = ResponseOptions.Enforce) => (await StartAsync(new ResponseOptions { Mode = mode }, capture: null)).Responder;

    private async Task<ResponseBench> StartAsync(ResponseOptions options, CaptureOptions? capture)
    {
        var firewall = _lab.OpenFirewall(_clock);
        var paths = new NodePaths(Options.Create(new NodeOptions { StateDirectory = _folder.Path }), new RunningRole(Role.Router));
        var blocks = Options.Create(new BlockOptions());
        _database = new RuleDatabase(paths, _clock, NullLogger<RuleDatabase>.Instance);
        var table = new BlockTable(_database);
        var protectedOnes = new ProtectedAddresses(new ProtectedTable(_database), _host, blocks, _clock);
        var enforcer = new BlockEnforcer(firewall, new RulesetIntent(protectedOnes), target => [target], NullLogger<BlockEnforcer>.Instance);
        _store = new BlockStore(enforcer, table, new BlockAdmission(protectedOnes, blocks, _clock), _clock, NullLogger<BlockStore>.Instance);
        await _store.LoadAsync(CancellationToken.None);
        return new ResponseBench(new RuleBook(firewall, enforcer, _store, protectedOnes, new RuleHits(new AbsentRuleset(), _clock)), table, paths, _clock, options, capture);
    }
}
