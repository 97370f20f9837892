using Appliance.Hosting.Authorization;
using Appliance.Hosting.Identity;
using Appliance.Hosting.Power;
using Appliance.Protos.Node.V1;
using Appliance.Tests.Shared;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Hosting.Tests.Power;

public sealed class NodeOrderTests : IAsyncDisposable
{
    private const string Reason = "does not answer";

    private readonly TestSite _site = new();
    private readonly RecordingPower _machine = new();

    [Fact]
    public async Task Bmc_reboots_and_shuts_down_a_node_and_the_audit_says_who_and_why()
    {
        await StartAsync();
        var client = Client(_site.Node(Role.Bmc));

        await client.RebootNodeAsync(new RebootNodeRequest { Reason = Reason });
        await client.ShutdownNodeAsync(new ShutdownNodeRequest { Reason = "before its power is cut" });

        Assert.Equal(["reboot", "shutdown"], _machine.Asked);
        Assert.Equal(
            [("spiffe://home/node/node1/bmc", "RebootNode", Reason, true), ("spiffe://home/node/node1/bmc", "ShutdownNode", "before its power is cut", true)],
            await ChangesAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public async Task Order_without_a_reason_is_refused(string reason)
    {
        await StartAsync();
        var client = Client(_site.Person(PeerKind.Admin));

        var error = await Assert.ThrowsAsync<RpcException>(async () => await client.RebootNodeAsync(new RebootNodeRequest { Reason = reason }));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Empty(_machine.Asked);
    }

    [Fact]
    public async Task Operator_may_reboot_but_not_shut_down()
    {
        await StartAsync();
        var client = Client(_site.Person(PeerKind.Operator));

        await client.RebootNodeAsync(new RebootNodeRequest { Reason = Reason });
        var error = await Assert.ThrowsAsync<RpcException>(async () => await client.ShutdownNodeAsync(new ShutdownNodeRequest { Reason = Reason }));

        Assert.Equal(StatusCode.PermissionDenied, error.StatusCode);
        Assert.Equal(["reboot"], _machine.Asked);
    }

    [Fact]
    public async Task Role_under_a_supervisor_answers_and_then_stops_in_order()
    {
        var app = await StartAsync(("Node:Power:RestartRole", "always"));
        var stopping = new SyncPoint();
        await using var registration = app.Lifetime.ApplicationStopping.Register(stopping.Reach);
        var client = Client(_site.Person(PeerKind.Operator));

        await client.RestartRoleAsync(new RestartRoleRequest { Reason = Reason });
        await client.RestartRoleAsync(new RestartRoleRequest { Reason = Reason });

        await stopping.WaitAsync();
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("never")]
    public async Task Role_that_nothing_would_start_again_goes_on(string mode)
    {
        var app = await StartAsync(("Node:Power:RestartRole", mode));
        var client = Client(_site.Person(PeerKind.Operator));

        var error = await Assert.ThrowsAsync<RpcException>(async () => await client.RestartRoleAsync(new RestartRoleRequest { Reason = Reason }));

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.False(app.Lifetime.ApplicationStopping.IsCancellationRequested);
        Assert.Equal([("spiffe://home/operator/alice", "RestartRole", Reason, true), ("spiffe://home/operator/alice", "RestartRole", $"FAILED_PRECONDITION: {error.Status.Detail}", false)], await ChangesAsync());
    }

    [Fact]
    public async Task Node_as_it_is_configured_by_default_refuses_to_be_switched()
    {
        await _site.StartAsync(Role.Router, _ => { }, _ => { });
        var client = Client(_site.Person(PeerKind.Admin));

        var error = await Assert.ThrowsAsync<RpcException>(async () => await client.RebootNodeAsync(new RebootNodeRequest { Reason = Reason }));

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
    }

    [Theory]
    [InlineData("RestartRole")]
    [InlineData("RebootNode")]
    public void Only_the_bmc_among_nodes_may_give_these_orders(string method)
    {
        var allowed = Enum.GetValues<Role>().Where(role => MethodTable.Allows($"appliance.node.v1.NodeService/{method}", PeerIdentity.OfNode("home", "node1", role)));

        Assert.Equal([Role.Bmc], allowed);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private Task<WebApplication> StartAsync(params (string Key, string? Value)[] settings) =>
        _site.StartAsync(Role.Router, builder => builder.Services.AddSingleton<IMachinePower>(_machine), _ => { }, settings);

    private NodeService.NodeServiceClient Client(System.Security.Cryptography.X509Certificates.X509Certificate2 certificate) => new(_site.Channel(Role.Router, certificate));

    private async Task<List<(string Actor, string Action, string Reason, bool Allowed)>> ChangesAsync()
    {
        using var watch = Client(_site.Node(Role.Logger)).WatchEvents(new WatchEventsRequest());
        var changes = new List<(string, string, string, bool)>();
        while (await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken) && watch.ResponseStream.Current.SnapshotEnd is null)
        {
            if (watch.ResponseStream.Current.Event is { Action: "RestartRole" or "RebootNode" or "ShutdownNode" } told)
            {
                changes.Add((told.Actor, told.Action, told.Reason, told.Allowed));
            }
        }

        return changes;
    }
}
