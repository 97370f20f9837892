using Appliance.Hosting.Health;
using Appliance.Hosting.Identity;
using Appliance.Protos.Node.V1;
using Appliance.Tests.Shared;
using Grpc.Core;
using Grpc.Reflection.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Hosting.Tests.Health;

public sealed class NodeGrpcServiceTests
{
    [Fact]
    public async Task Node_tells_its_version_system_and_end_of_certificate()
    {
        await using var site = new TestSite();
        await site.StartAsync(Role.Bmc, _ => { }, _ => { });
        var client = new NodeService.NodeServiceClient(site.Channel(Role.Bmc, site.Person(PeerKind.Reader)));

        var node = (await client.GetNodeAsync(new GetNodeRequest())).Node;

        Assert.Equal("bmc", node.Role);
        Assert.Matches(@"^\d+\.\d+\.\d+", node.Version);
        Assert.NotEmpty(node.OperatingSystem);
        Assert.StartsWith("linux", node.RuntimeIdentifier, StringComparison.Ordinal);
        var life = node.CertificateExpireTime.ToDateTimeOffset() - node.StartTime.ToDateTimeOffset();
        Assert.InRange(life, TimeSpan.FromDays(89.9), TimeSpan.FromDays(90));
    }

    [Fact]
    public async Task Watch_begins_with_all_parts_and_goes_on_with_changes()
    {
        await using var site = new TestSite();
        var app = await site.StartAsync(Role.Router, _ => { }, _ => { });
        var client = new NodeService.NodeServiceClient(site.Channel(Role.Router, site.Person(PeerKind.Reader)));
        using var watch = client.WatchHealth(new WatchHealthRequest());

        var first = await NextAsync(watch);
        var second = await NextAsync(watch);
        app.Services.GetRequiredService<HealthBoard>().Report("capture", PartState.Degraded, "12 packets dropped");
        var third = await NextAsync(watch);

        Assert.Equal(("audit", Protos.Node.V1.PartHealth.Types.State.Healthy), (first.Part, first.State));
        Assert.Equal(("certificate", Protos.Node.V1.PartHealth.Types.State.Healthy), (second.Part, second.State));
        Assert.Equal(("capture", Protos.Node.V1.PartHealth.Types.State.Degraded, "12 packets dropped"), (third.Part, third.State, third.Text));
    }

    [Fact]
    public async Task Reflection_lists_what_the_role_answers()
    {
        await using var site = new TestSite();
        await site.StartAsync(Role.Router, _ => { }, _ => { });
        var client = new ServerReflection.ServerReflectionClient(site.Channel(Role.Router, site.Person(PeerKind.Reader)));
        using var call = client.ServerReflectionInfo();

        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        await call.RequestStream.CompleteAsync();
        await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken);

        var services = call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name);
        Assert.Superset(new HashSet<string> { "appliance.node.v1.NodeService", "grpc.health.v1.Health" }, services.ToHashSet());
    }

    [Fact]
    public async Task Reflection_is_answered_in_the_old_form_too()
    {
        await using var site = new TestSite();
        await site.StartAsync(Role.Router, _ => { }, _ => { });
        var client = new Grpc.Reflection.V1Alpha.ServerReflection.ServerReflectionClient(site.Channel(Role.Router, site.Person(PeerKind.Reader)));
        using var call = client.ServerReflectionInfo();

        await call.RequestStream.WriteAsync(new Grpc.Reflection.V1Alpha.ServerReflectionRequest { FileContainingSymbol = "appliance.node.v1.NodeService" });
        await call.RequestStream.CompleteAsync();
        await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken);

        Assert.NotEmpty(call.ResponseStream.Current.FileDescriptorResponse.FileDescriptorProto);
    }

    private static async Task<Protos.Node.V1.PartHealth> NextAsync(AsyncServerStreamingCall<WatchHealthResponse> watch)
    {
        Assert.True(await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        return watch.ResponseStream.Current.Health;
    }
}
