using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting.Health;
using Appliance.Hosting.Identity;
using Appliance.Protos.Node.V1;
using Appliance.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Hosting.Tests.Health;

public sealed class CertificateWatchTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(31, PartState.Healthy)]
    [InlineData(29, PartState.Degraded)]
    public async Task Month_before_its_end_a_certificate_is_worth_a_warning(int days, PartState expected)
    {
        await using var site = new TestSite();
        var builder = site.Builder(Role.Router);
        WriteNode(site.Authority, site, TimeSpan.FromDays(days));
        await using var app = builder.Build();

        Watch(app).Look();

        Assert.Equal(expected, Board(app).State);
    }

    [Fact]
    public async Task Expired_certificate_fails_the_role()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var site = new TestSite();
        var builder = site.Builder(Role.Router);
        builder.Services.AddSingleton<TimeProvider>(clock);
        await using var app = builder.Build();
        clock.Advance(TimeSpan.FromDays(91));

        Watch(app).Look();

        Assert.Equal(PartState.Failed, Board(app).State);
        Assert.Contains("it has expired", Board(app).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replacement_that_is_not_usable_is_told_and_the_old_one_stays()
    {
        await using var site = new TestSite();
        await using var app = site.Builder(Role.Router).Build();
        Watch(app).Look();
        await File.WriteAllTextAsync(Path.Combine(Pki(site), "node.crt"), "not a certificate", TestContext.Current.CancellationToken);

        Watch(app).Look();

        Assert.Equal(PartState.Degraded, Board(app).State);
        Assert.Contains("replacement is not usable", Board(app).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_is_rotated_under_load_without_a_failed_call()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var site = new TestSite();
        await site.StartAsync(Role.Router, builder => builder.Services.AddSingleton<TimeProvider>(clock), _ => { });
        using var reader = site.Person(PeerKind.Reader);
        var half = new SyncPoint();
        var load = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => CallAsync(site, reader, half)));
        await half.WaitAsync();

        var next = WriteNode(site.Authority, site, TimeSpan.FromDays(90));
        clock.Advance(Interval);
        half.Continue();

        await load;
        Assert.Equal(next.SerialNumber, await PresentedSerialNumberAsync(site, reader));
    }

    [Fact]
    public async Task Authority_is_rotated_while_both_are_trusted()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var site = new TestSite();
        await site.StartAsync(Role.Router, builder => builder.Services.AddSingleton<TimeProvider>(clock), _ => { });
        using var folder = new TempFolder();
        using var nextAuthority = SiteAuthority.Create(folder.Path, "home", TimeProvider.System);
        using var oldReader = site.Person(PeerKind.Reader);
        using var newReader = TestSite.Load(nextAuthority.Issue(PeerIdentity.OfPerson("home", PeerKind.Reader, "bob"), TimeSpan.FromDays(1), []));

        await File.AppendAllTextAsync(Path.Combine(Pki(site), "ca.crt"), nextAuthority.CertificatePem, TestContext.Current.CancellationToken);
        clock.Advance(Interval);

        Assert.Equal("node1", await NameAsync(site, oldReader));
        Assert.Equal("node1", await NameAsync(site, newReader));
    }

    private static CertificateWatch Watch(WebApplication app) => app.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<CertificateWatch>().Single();

    private static Hosting.Health.PartHealth Board(WebApplication app) => app.Services.GetRequiredService<HealthBoard>().Snapshot.Single(part => part.Part == "certificate");

    private static string Pki(TestSite site) => Path.Combine(site.State, "router", "pki");

    private static IssuedCertificate WriteNode(SiteAuthority authority, TestSite site, TimeSpan life)
    {
        var issued = authority.Issue(PeerIdentity.OfNode("home", TestSite.NodeName, Role.Router), life, []);
        File.WriteAllText(Path.Combine(Pki(site), "node.crt"), issued.CertificatePem);
        File.WriteAllText(Path.Combine(Pki(site), "node.key"), issued.KeyPem);
        return issued;
    }

    // Half of the calls before the certificate is replaced and half after, each second one over a new connection.
    private static async Task CallAsync(TestSite site, X509Certificate2 reader, SyncPoint half)
    {
        var kept = new NodeService.NodeServiceClient(site.Channel(Role.Router, reader));
        for (var call = 0; call < 20; call++)
        {
            if (call == 10)
            {
                await half.ReachAndWaitAsync(TestContext.Current.CancellationToken);
            }

            var client = call % 2 == 0 ? kept : new NodeService.NodeServiceClient(site.Channel(Role.Router, reader));
            await client.GetNodeAsync(new GetNodeRequest());
        }
    }

    private static async Task<string> NameAsync(TestSite site, X509Certificate2 reader) =>
        (await new NodeService.NodeServiceClient(site.Channel(Role.Router, reader)).GetNodeAsync(new GetNodeRequest())).Node.Name;

    private static async Task<string?> PresentedSerialNumberAsync(TestSite site, X509Certificate2 reader)
    {
        string? serialNumber = null;
        using var handler = site.Handler(reader);
        var check = handler.SslOptions.RemoteCertificateValidationCallback!;
        handler.SslOptions.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
        {
            serialNumber = certificate?.GetSerialNumberString();
            return check(sender, certificate, chain, errors);
        };
        using var http = new HttpClient(handler) { DefaultRequestVersion = new Version(2, 0), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await http.GetAsync(site.Address(Role.Router), TestContext.Current.CancellationToken);
        return serialNumber;
    }
}
