using System.Net;
using System.Net.Security;
using Appliance.Hosting.Identity;
using Appliance.Hosting.Listeners;
using Appliance.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Hosting.Tests.Listeners;

public sealed class NodeTlsTests
{
    // The HTTP client may dial again by itself when a connection breaks before its request is out.
    private const long MostTries = 4;

    [Fact]
    public async Task Further_listener_lets_in_a_subscriber_of_the_site()
    {
        await using var site = new TestSite();
        var (_, address) = await StartAsync(site, tls => tls.RequireClientCertificate);
        using var http = new HttpClient(site.Handler(site.Person(PeerKind.Subscriber)));

        var page = await http.GetStringAsync(address, TestContext.Current.CancellationToken);

        Assert.Equal("page", page);
    }

    [Fact]
    public async Task Further_listener_refuses_and_counts_who_has_no_certificate()
    {
        await using var site = new TestSite();
        var (app, address) = await StartAsync(site, tls => tls.RequireClientCertificate);
        using var readings = new MeterReadings(app.Services);
        using var http = new HttpClient(site.Handler(certificate: null));

        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync(address, TestContext.Current.CancellationToken));

        Assert.InRange(readings.Sum("appliance.handshakes.refused", nameof(Refusal.NoCertificate)), 1, MostTries);
    }

    [Fact]
    public async Task Listener_for_browsers_shows_the_nodes_certificate_and_asks_for_none()
    {
        await using var site = new TestSite();
        var (_, address) = await StartAsync(site, tls => _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = tls.Context }));
        using var http = new HttpClient(site.Handler(certificate: null));

        var page = await http.GetStringAsync(address, TestContext.Current.CancellationToken);

        Assert.Equal("page", page);
    }

    private static async Task<(WebApplication App, Uri Address)> StartAsync(
        TestSite site, Func<NodeTls, Func<TlsHandshakeCallbackContext, ValueTask<SslServerAuthenticationOptions>>> handshake)
    {
        var port = FreePorts.Take();
        var app = await site.StartAsync(
            Role.Logger,
            builder => builder.WebHost.ConfigureKestrel(server => server.Listen(IPAddress.Loopback, port, listener =>
            {
                listener.Protocols = HttpProtocols.Http1;
                listener.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = handshake(server.ApplicationServices.GetRequiredService<NodeTls>()) });
            })),
            app => app.MapGet("/page", () => "page"));
        return (app, new Uri($"https://localhost:{port}/page"));
    }
}
