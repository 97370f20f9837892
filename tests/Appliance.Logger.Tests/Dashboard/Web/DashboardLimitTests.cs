using System.Net;
using System.Net.Sockets;
using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Grpc.Health.V1;

namespace Appliance.Logger.Tests.Dashboard.Web;

[Trait("Category", "Slow")]
public sealed class DashboardLimitTests
{
    [Fact]
    public async Task Dashboard_that_is_off_does_not_listen()
    {
        await using var site = await DashboardSite.StartAsync(settings: ("Logger:Dashboard:Enabled", "false"));
        using var client = site.Client();

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("/login", UriKind.Relative)));
    }

    [Fact]
    public async Task Connections_that_say_nothing_do_not_close_the_gRPC_port()
    {
        await using var site = await DashboardSite.StartAsync(settings: ("Node:MaxConnections", "300"));
        var idle = new List<TcpClient>();
        for (var number = 0; number < 600; number++)
        {
            var connection = new TcpClient();
            await connection.ConnectAsync("localhost", site.Address.Port);
            idle.Add(connection);
        }

        var health = new Health.HealthClient(site.Site.Channel(Role.Logger, site.Site.Person(PeerKind.Reader)));
        var answer = await health.CheckAsync(new HealthCheckRequest());
        idle.ForEach(connection => connection.Dispose());

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, answer.Status);
    }

    [Fact]
    public async Task No_more_pages_go_live_than_the_option_allows()
    {
        await using var site = await DashboardSite.StartAsync(settings: ("Logger:Dashboard:MaxLivePages", "1"));
        using var client = await site.LoggedInAsync();
        site.LivePages.Opened();

        using var negotiation = await client.PostAsync(new Uri("/_blazor/negotiate?negotiateVersion=1", UriKind.Relative), content: null);
        var page = await client.GetStringAsync(new Uri("/", UriKind.Relative));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, negotiation.StatusCode);
        Assert.Contains("does not update by itself", page, StringComparison.Ordinal);
    }
}
