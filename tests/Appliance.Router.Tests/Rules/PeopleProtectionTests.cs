using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Identity;
using Appliance.Protos.Rules.V1;
using Appliance.Router.Nftables;
using Appliance.Router.Rules;
using Appliance.Router.Tests.Nftables;
using Appliance.Tests.Shared;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Rules;

/// <summary>People who reach the Router over real cables, in the lab; the firewall is the kernel's.</summary>
[Trait("Category", "Slow")]
public sealed class PeopleProtectionTests : IAsyncDisposable
{
    private readonly TestSite _site = new();
    private Lab? _lab;

    [Theory]
    [InlineData(PeerKind.Reader)]
    [InlineData(PeerKind.Operator)]
    [InlineData(PeerKind.Admin)]
    public async Task An_attacker_with_a_persons_address_cannot_have_that_person_shut_out(PeerKind kind)
    {
        var router = await StartAsync();
        await FromLan(_site.Person(kind)).ListBlocksAsync(new ListBlocksRequest());
        await KernelProtectsAsync(Lab.ClientAddress, Lab.ClientStation);

        var byAddress = await RefusalAsync(router, Lab.ClientAddress);
        var byStation = await RefusalAsync(router, Lab.ClientStation);

        Assert.Equal(("PROTECTED_ADDRESS", "PROTECTED_ADDRESS"), (byAddress, byStation));
        Assert.True(_lab!.Reaches(Lab.ClientAddress, Lab.ServerAddress));
    }

    [Fact]
    public async Task A_persons_station_is_free_again_as_soon_as_he_has_reached_the_router()
    {
        var router = await StartAsync();
        var store = router.Services.GetRequiredService<BlockStore>();
        // Enforced, it would keep him from connecting; a dry run is lifted by the same way.
        await store.CreateAsync(Ask(Lab.ClientStation) with { IsDryRun = true }, CancellationToken.None);
        using var watch = store.Watch();

        await FromLan(_site.Person(PeerKind.Operator)).ListBlocksAsync(new ListBlocksRequest());
        var ended = await watch.Changes.ReadAsync(TestContext.Current.CancellationToken);

        Assert.Equal((Target(Lab.ClientStation), EndCause.Protected), (ended.Block.Target, ended.EndCause));
    }

    [Fact]
    public async Task A_subscriber_and_a_node_protect_nothing_by_calling()
    {
        var router = await StartAsync();
        await Assert.ThrowsAsync<RpcException>(async () => await FromLan(_site.Person(PeerKind.Subscriber)).ListBlocksAsync(new ListBlocksRequest()));
        await Assert.ThrowsAsync<RpcException>(async () => await FromLan(_site.Node(Role.Bmc)).ListBlocksAsync(new ListBlocksRequest()));

        router.Services.GetRequiredService<ProtectedAddresses>().Refresh();

        Assert.Null(router.Services.GetRequiredService<ProtectedAddresses>().Find(Target(Lab.ClientAddress)));
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        _lab?.Dispose();
    }

    private static async Task<string> RefusalAsync(WebApplication router, string target)
    {
        var outcomes = await router.Services.GetRequiredService<BlockStore>().CreateAllAsync([Ask(target)], CancellationToken.None);
        return (outcomes[0].Refusal as BusyException)?.Reason ?? "";
    }

    private async Task<WebApplication> StartAsync()
    {
        TestNamespace.SkipUnlessPossible();
        _lab = new Lab();
        return await _site.StartAsync(
            Role.Router,
            builder =>
            {
                builder.Services.AddRules().AddNftables();
                // The Router answers where its cables end.
                builder.Services.Configure<SocketTransportOptions>(options =>
                    options.CreateBoundListenSocket = endPoint => _lab.Gateway.Inside.Run(() => SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint)));
            },
            app => app.MapRoleService<RuleGrpcService>(),
            ("Node:ListenAddress", "0.0.0.0"),
            ("Router:Firewall:Enforce", "kernel"),
            ("Router:Firewall:Namespace", _lab.Gateway.Name));
    }

    /// <summary>A tool in the lab's client, with this certificate.</summary>
    private RuleService.RuleServiceClient FromLan(X509Certificate2 certificate)
    {
        var handler = _site.Handler(certificate);
        handler.ConnectCallback = (_, _) => ValueTask.FromResult<Stream>(new NetworkStream(_lab!.Client.Inside.Run(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(Lab.ClientAddress), 0));
            socket.Connect(Lab.GatewayAddress, _site.Ports[Role.Router]);
            return socket;
        }), ownsSocket: true));
        return new RuleService.RuleServiceClient(GrpcChannel.ForAddress(_site.Address(Role.Router), new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true }));
    }

    // At once, and not only at the next look at the host half a minute later: the wait is for nft.
    private async Task KernelProtectsAsync(params string[] targets)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (!targets.All(target => _lab!.Gateway.Nft("list", "table", "inet", "appliance").Contains(target, StringComparison.Ordinal)))
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
