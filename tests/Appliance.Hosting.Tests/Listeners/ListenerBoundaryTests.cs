using System.Net;
using Appliance.Hosting.Identity;
using Appliance.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Hosting.Tests.Listeners;

public sealed class ListenerBoundaryTests
{
    private const string GetNode = "/appliance.node.v1.NodeService/GetNode";

    [Fact]
    public async Task Host_header_of_the_grpc_port_opens_nothing_on_the_metrics_port()
    {
        await using var site = new TestSite();
        var app = await site.StartAsync(Role.Router, _ => { }, _ => { });
        using var http = new HttpClient { BaseAddress = AddressOf(app, "http", 0) };
        using var request = NewGrpcCall();
        request.Headers.Host = $"localhost:{site.Ports[Role.Router]}";

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Host_header_of_the_grpc_port_opens_nothing_on_another_listener()
    {
        await using var site = new TestSite();
        var app = await StartWithPageAsync(site);
        using var http = new HttpClient { BaseAddress = AddressOf(app, "http", 1) };
        using var request = NewGrpcCall();
        request.Headers.Host = $"localhost:{site.Ports[Role.Router]}";

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Metrics_are_not_answered_on_another_listener()
    {
        await using var site = new TestSite();
        var app = await StartWithPageAsync(site);
        using var http = new HttpClient { BaseAddress = AddressOf(app, "http", 1) };

        using var response = await http.GetAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Page_is_answered_on_its_own_listener()
    {
        await using var site = new TestSite();
        var app = await StartWithPageAsync(site);
        using var http = new HttpClient { BaseAddress = AddressOf(app, "http", 1) };

        var page = await http.GetStringAsync(new Uri("/page", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal("page", page);
    }

    [Theory]
    [InlineData("/page")]
    [InlineData("/middleware")]
    public async Task Page_is_not_answered_on_the_metrics_port(string path)
    {
        await using var site = new TestSite();
        var app = await StartWithPageAsync(site);
        using var http = new HttpClient { BaseAddress = AddressOf(app, "http", 0) };

        using var response = await http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("/page")]
    [InlineData("/middleware")]
    [InlineData("/metrics")]
    public async Task Nothing_but_grpc_is_answered_on_the_grpc_port(string path)
    {
        await using var site = new TestSite();
        await StartWithPageAsync(site);
        using var http = new HttpClient(site.Handler(site.Person(PeerKind.Admin))) { BaseAddress = site.Address(Role.Router) };
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Version = new Version(2, 0), VersionPolicy = HttpVersionPolicy.RequestVersionExact };

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Empty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal("7", Assert.Single(response.Headers.GetValues("grpc-status")));
    }

    // As a role with a page of its own does: a further listener, an endpoint and a middleware without marks.
    private static Task<WebApplication> StartWithPageAsync(TestSite site) => site.StartAsync(
        Role.Router,
        builder => builder.WebHost.ConfigureKestrel(server => server.Listen(IPAddress.Loopback, 0, listener => listener.Protocols = HttpProtocols.Http1)),
        app =>
        {
            app.Use((context, next) => context.Request.Path == "/middleware" ? context.Response.WriteAsync("middleware") : next(context));
            app.MapGet("/page", () => "page");
        });

    private static HttpRequestMessage NewGrpcCall()
    {
        var content = new ByteArrayContent([0, 0, 0, 0, 0]);
        content.Headers.ContentType = new("application/grpc");
        return new HttpRequestMessage(HttpMethod.Post, GetNode) { Content = content };
    }

    private static Uri AddressOf(WebApplication app, string scheme, int index) => new(app.Services.GetRequiredService<IServer>()
        .Features.Get<IServerAddressesFeature>()!.Addresses.Where(address => address.StartsWith(scheme + "://", StringComparison.Ordinal)).ElementAt(index));
}
