using Appliance.Hosting.Identity;
using Appliance.Protos.Node.V1;
using Appliance.Tests.Shared;

namespace Appliance.Hosting.Tests.Listeners;

public sealed class MutualTlsTests
{
    [Fact]
    public async Task Reader_is_told_about_the_node()
    {
        await using var site = new TestSite();
        await site.StartAsync(Role.Router, _ => { }, _ => { });
        var client = new NodeService.NodeServiceClient(site.Channel(Role.Router, site.Person(PeerKind.Reader)));

        var answer = await client.GetNodeAsync(new GetNodeRequest());

        Assert.Equal(("home", "node1", "router"), (answer.Node.Site, answer.Node.Name, answer.Node.Role));
    }
}
