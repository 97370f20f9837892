using System.Net;
using System.Net.Http.Headers;
using Appliance.Hosting;
using Appliance.Hosting.Identity;

namespace Appliance.Logger.Tests.Dashboard.Web;

public sealed class DashboardGateTests(RunningDashboard running) : IClassFixture<RunningDashboard>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/?severity=high")]
    [InlineData("/alerts/01JDFX0000000000000000000A")]
    [InlineData("/not-found")]
    [InlineData("/nowhere")]
    public async Task Page_without_a_session_leads_to_the_log_in(string path)
    {
        using var client = running.Site.Client();

        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal((HttpStatusCode.Found, "/login"), (answer.StatusCode, answer.Headers.Location!.AbsolutePath));
    }

    [Theory]
    [InlineData("GET", "/_framework/blazor.web.js")]
    [InlineData("GET", "/_framework/nothing.js")]
    [InlineData("GET", "/_blazor")]
    [InlineData("POST", "/_blazor/negotiate?negotiateVersion=1")]
    [InlineData("POST", "/_blazor/disconnect")]
    [InlineData("GET", "/_content/MudBlazor/MudBlazor.min.css")]
    [InlineData("GET", "/_content/Appliance.Logger/dashboard.css")]
    [InlineData("GET", "/_content/Appliance.Logger/dashboard.js")]
    [InlineData("GET", "/_content/Appliance.Logger/lib/uplot/uPlot.iife.min.js")]
    [InlineData("POST", "/session")]
    [InlineData("POST", "/logout")]
    [InlineData("POST", "/")]
    public async Task Nothing_else_is_answered_without_a_session(string method, string path)
    {
        using var client = running.Site.Client();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var answer = await client.SendAsync(request);

        Assert.Equal((HttpStatusCode.Unauthorized, 0), (answer.StatusCode, (await answer.Content.ReadAsByteArrayAsync()).Length));
    }

    [Theory]
    [InlineData("/login", "text/html")]
    [InlineData("/_content/Appliance.Logger/login.css", "text/css")]
    [InlineData("/_content/Appliance.Logger/icon.svg", "image/svg+xml")]
    public async Task Log_in_and_what_it_shows_is_open(string path, string mediaType)
    {
        using var client = running.Site.Client();

        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal((HttpStatusCode.OK, mediaType), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.NotEmpty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("/_framework/blazor.web.js")]
    [InlineData("/_content/MudBlazor/MudBlazor.min.js")]
    [InlineData("/_content/Appliance.Logger/dashboard.js")]
    public async Task Scripts_are_answered_whole_to_a_session(string path)
    {
        using var client = running.ClientWithSession();

        var script = await client.GetStringAsync(new Uri(path, UriKind.Relative));

        Assert.True(script.Length > 1000);
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/login")]
    [InlineData("HEAD", "/login")]
    [InlineData("HEAD", "/")]
    [InlineData("POST", "/login")]
    [InlineData("GET", "/nowhere")]
    [InlineData("GET", "/_content/Appliance.Logger/login.css")]
    [InlineData("GET", "/_framework/blazor.web.js")]
    [InlineData("POST", "/_blazor/negotiate")]
    [InlineData("POST", "/appliance.node.v1.NodeService/GetNode")]
    [InlineData("GET", "/metrics")]
    public async Task Every_answer_carries_the_headers(string method, string path)
    {
        using var client = running.Site.Client();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var answer = await client.SendAsync(request);

        Assert.Contains("script-src 'self';", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal(["nosniff", "same-origin"], [.. answer.Headers.GetValues("X-Content-Type-Options"), .. answer.Headers.GetValues("Referrer-Policy")]);
        Assert.True(answer.Headers.Contains("Permissions-Policy"));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/nowhere")]
    public async Task Pages_of_a_session_carry_one_policy_and_are_not_stored(string path)
    {
        using var client = running.ClientWithSession();

        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));

        Assert.EndsWith("frame-ancestors 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task Unknown_page_is_not_found_and_says_so()
    {
        using var client = running.ClientWithSession();

        using var answer = await client.GetAsync(new Uri("/nowhere", UriKind.Relative));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("There is no such page", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/_blazor/negotiate?negotiateVersion=1")]
    [InlineData("GET", "/_blazor")]
    [InlineData("POST", "/session")]
    [InlineData("POST", "/logout")]
    [InlineData("POST", "/login")]
    public async Task Request_of_another_origin_is_refused_even_with_a_session(string method, string path)
    {
        using var client = running.ClientWithSession();
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Headers = { { "Origin", "https://localhost:9999" } } };

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData("gateway.home.arpa", true)]
    [InlineData("localhost", false)]
    [InlineData("127.0.0.1", false)]
    public async Task Strict_transport_is_asked_for_but_not_of_localhost(string host, bool expected)
    {
        using var client = running.Site.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/login") { Headers = { Host = host } };

        using var answer = await client.SendAsync(request);

        Assert.Equal(expected, answer.Headers.Contains("Strict-Transport-Security"));
    }

    [Theory]
    [InlineData("/appliance.node.v1.NodeService/GetNode")]
    [InlineData("/grpc.health.v1.Health/Check")]
    [InlineData("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo")]
    public async Task Grpc_is_not_answered_on_the_dashboard_port_whatever_host_is_named(string method)
    {
        using var client = running.ClientWithSession();
        using var request = new HttpRequestMessage(HttpMethod.Post, method)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { Host = $"localhost:{running.Site.Site.Ports[Role.Logger]}" },
            Content = new ByteArrayContent(new byte[5]) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/login")]
    [InlineData("/_framework/blazor.web.js")]
    public async Task Dashboard_is_not_answered_on_the_gRPC_port_even_to_an_admin(string path)
    {
        var site = running.Site;
        using var client = new HttpClient(site.Site.Handler(site.Site.Person(PeerKind.Admin)));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(site.Site.Address(Role.Logger), path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var answer = await client.SendAsync(request);

        // Trailers-only refusals of gRPC are 200 with a status; what matters is that no page comes.
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        Assert.False(answer.Headers.Contains("Content-Security-Policy"));
    }
}
