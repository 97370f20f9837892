using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Protos.Traffic.V1;
using Appliance.Router.Capture;
using Appliance.Router.Devices;
using Appliance.Router.Flows;
using Appliance.Router.Nftables;
using Appliance.Router.Rules;
using Appliance.Router.Traffic;
using Appliance.Tests.Shared;
using Google.Protobuf;
using Grpc.Core;

namespace Appliance.Router.Tests.Traffic;

[Trait("Category", "Slow")]
public sealed class UnreachableConnectionTests : IAsyncDisposable
{
    private readonly TestSite _site = new();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Without_the_right_to_ask_the_kernel_both_calls_say_so()
    {
        var client = await StartAsync();

        var list = await Assert.ThrowsAsync<RpcException>(async () => await client.ListConnectionsAsync(new ListConnectionsRequest()));
        var delete = await Assert.ThrowsAsync<RpcException>(async () =>
            await client.DeleteConnectionAsync(new DeleteConnectionRequest { ConnectionId = "0000002a-0-6-192.0.2.7-4000-192.0.2.8-23-0" }));

        Assert.All([list, delete], error => Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode));
        Assert.All([list, delete], error => Assert.Equal("The kernel's connections are out of reach. Rendered only: Router:Firewall:Enforce asks for it.", error.Status.Detail));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0000002a")]
    [InlineData("0000002a-0-6-192.0.2.7-4000-2001:db8::1-23-0")]
    [InlineData("0000002a-0-6-192.0.2.7-4000-192.0.2.8-70000-0")]
    public async Task Id_that_no_list_gave_is_refused(string id)
    {
        var client = await StartAsync();

        var error = await Assert.ThrowsAsync<RpcException>(async () => await client.DeleteConnectionAsync(new DeleteConnectionRequest { ConnectionId = id }));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains($"connection_id: is '{id}', not one that ListConnections gave", error.Status.Detail);
    }

    [Theory]
    [InlineData(-1, "", 0, "page_size")]
    [InlineData(1001, "", 0, "page_size")]
    [InlineData(1, "x", 0, "page_token")]
    [InlineData(1, "", 5, "address")]
    public async Task List_of_impossible_size_place_or_address_is_refused(int size, string token, int addressLength, string field)
    {
        var client = await StartAsync();
        var request = new ListConnectionsRequest { PageSize = size, PageToken = token, Address = ByteString.CopyFrom(new byte[addressLength]) };

        var error = await Assert.ThrowsAsync<RpcException>(async () => await client.ListConnectionsAsync(request));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains(field, error.Status.Detail);
    }

    private async Task<TrafficService.TrafficServiceClient> StartAsync()
    {
        await _site.StartAsync(
            Role.Router,
            builder => builder.Services.AddCapture().AddFlows().AddDevices().AddTraffic().AddRules().AddNftables().AddConntrack(),
            app => app.MapRoleService<TrafficGrpcService>(),
            ("Router:Firewall:Enforce", "rendered"));
        return new TrafficService.TrafficServiceClient(_site.Channel(Role.Router, _site.Person(PeerKind.Operator)));
    }
}
