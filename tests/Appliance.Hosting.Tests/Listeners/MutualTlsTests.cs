using Appliance.Hosting.Identity;
using Appliance.Protos.Node.V1;
using Appliance.Tests.Shared;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Hosting.Tests.Listeners;

public sealed class MutualTlsTests
{
    private const string Refused = "appliance.handshakes.refused";

    // The HTTP client may dial again by itself when a connection breaks before its request is out.
    private const long MostTries = 4;

    [Fact]
    public async Task Certificate_of_the_site_is_let_in()
    {
        await using var site = new TestSite();
        await site.StartAsync(Role.Router, _ => { }, _ => { });
        var client = new NodeService.NodeServiceClient(site.Channel(Role.Router, site.Person(PeerKind.Reader)));

        var answer = await client.GetNodeAsync(new GetNodeRequest());

        Assert.Equal(("home", "node1", "router"), (answer.Node.Site, answer.Node.Name, answer.Node.Role));
    }

    [Fact]
    public async Task Client_without_a_certificate_is_refused_and_counted()
    {
        await using var site = new TestSite();
        var app = await site.StartAsync(Role.Router, _ => { }, _ => { });
        using var readings = new MeterReadings(app.Services);
        var client = new NodeService.NodeServiceClient(site.Channel(Role.Router, certificate: null));

        await AssertRefusedAsync(client);

        Assert.InRange(readings.Sum(Refused, nameof(Refusal.NoCertificate)), 1, MostTries);
    }

    [Fact]
    public Task Certificate_of_another_authority_of_the_same_name_is_refused_and_counted() => AssertRefusedAsync(Refusal.UnknownAuthority);

    [Fact]
    public Task Expired_certificate_is_refused_and_counted() => AssertRefusedAsync(Refusal.Expired);

    [Fact]
    public Task Servers_certificate_in_a_clients_hands_is_refused_and_counted() => AssertRefusedAsync(Refusal.WrongUsage);

    [Fact]
    public Task Certificate_without_an_identity_is_refused_and_counted() => AssertRefusedAsync(Refusal.NoIdentity);

    [Fact]
    public Task Identity_of_another_site_is_refused_and_counted() => AssertRefusedAsync(Refusal.WrongSite);

    [Fact]
    public async Task Refusals_are_logged_once_a_minute_and_without_a_stack_trace()
    {
        using var records = new LogRecords();
        await using var site = new TestSite();
        await site.StartAsync(Role.Router, builder => builder.Logging.AddProvider(records), _ => { });

        for (var attempt = 0; attempt < 5; attempt++)
        {
            await AssertRefusedAsync(new NodeService.NodeServiceClient(site.Channel(Role.Router, certificate: null)));
        }

        var record = Assert.Single(records.All, record => record.Level >= LogLevel.Warning);
        Assert.Contains("refused: NoCertificate", record.Text, StringComparison.Ordinal);
        Assert.Null(record.Error);
    }

    [Fact]
    public async Task Line_break_in_a_strangers_name_forges_no_line_of_the_log()
    {
        using var records = new LogRecords();
        await using var site = new TestSite();
        await site.StartAsync(Role.Router, builder => builder.Logging.AddProvider(records), _ => { });
        using var certificate = Strangers.Named("CN=\"x\nConnection from friend was let in\"");

        await AssertRefusedAsync(new NodeService.NodeServiceClient(site.Channel(Role.Router, certificate)));

        var record = Assert.Single(records.All, record => record.Level >= LogLevel.Warning);
        Assert.DoesNotContain('\n', record.Text);
        Assert.Contains("x?Connection", record.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_end_with_the_certificate_even_on_an_open_connection()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var site = new TestSite();
        await site.StartAsync(Role.Router, builder => builder.Services.AddSingleton<TimeProvider>(clock), _ => { });
        using var hour = TestSite.Load(site.Authority.Issue(PeerIdentity.OfPerson("home", PeerKind.Reader, "bob"), TimeSpan.FromHours(1), []));
        var client = new NodeService.NodeServiceClient(site.Channel(Role.Router, hour));
        await client.GetNodeAsync(new GetNodeRequest());

        clock.Advance(TimeSpan.FromMinutes(61));

        var error = await Assert.ThrowsAsync<RpcException>(async () => await client.GetNodeAsync(new GetNodeRequest()));
        Assert.Equal(StatusCode.Unauthenticated, error.StatusCode);
        Assert.Equal("CERTIFICATE_EXPIRED", error.Reason());
    }

    private static async Task AssertRefusedAsync(Refusal reason)
    {
        await using var site = new TestSite();
        var app = await site.StartAsync(Role.Router, _ => { }, _ => { });
        using var readings = new MeterReadings(app.Services);
        using var strangers = new Strangers(site);
        using var certificate = strangers.Create(reason);
        var client = new NodeService.NodeServiceClient(site.Channel(Role.Router, certificate));

        await AssertRefusedAsync(client);

        Assert.InRange(readings.Sum(Refused, reason.ToString()), 1, MostTries);
    }

    // TLS 1.3 tells a client of its refusal with the first read, so it sees a broken transport, not a status of ours.
    private static async Task AssertRefusedAsync(NodeService.NodeServiceClient client)
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await client.GetNodeAsync(new GetNodeRequest()));
        Assert.Contains(error.StatusCode, new[] { StatusCode.Unavailable, StatusCode.Internal });
        Assert.Null(error.GetRpcStatus());
    }
}
