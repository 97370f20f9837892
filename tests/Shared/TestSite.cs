using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Identity;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Tests.Shared;

/// <summary>A throw-away site: an authority, certificates, roles on free ports of this machine, and clients of them.</summary>
internal sealed class TestSite : IAsyncDisposable
{
    public const string NodeName = "node1";

    private static readonly TimeSpan Life = TimeSpan.FromDays(90);

    private readonly TempFolder _folder = new();
    private readonly List<WebApplication> _apps = [];
    private readonly ConcurrentQueue<IDisposable> _owned = new();

    public TestSite(string site = "home")
    {
        // Made a year ago, so that tests can have certificates that have ended.
        SiteAuthority.Create(AuthorityFolder, site, new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddYears(-1))).Dispose();
        Authority = SiteAuthority.Open(AuthorityFolder, TimeProvider.System);
    }

    public SiteAuthority Authority { get; }

    public string AuthorityFolder => _folder.File("ca");

    /// <summary>gRPC port of each role, known before it starts so that peers can be told.</summary>
    public IReadOnlyDictionary<Role, int> Ports { get; } = Enum.GetValues<Role>().ToDictionary(role => role, _ => FreePorts.Take());

    /// <summary>Where the site's router takes requests of those who have no certificate.</summary>
    public int EnrollmentPort { get; } = FreePorts.Take();

    /// <summary>The state folder of all roles of the site.</summary>
    public string State => _folder.File("state");

    public Uri Address(Role role) => new($"https://localhost:{Ports[role]}");

    /// <summary>Where a started role answers <c>/metrics</c>.</summary>
    public static Uri MetricsAddress(WebApplication app) => new(app.Services.GetRequiredService<IServer>()
        .Features.Get<IServerAddressesFeature>()!.Addresses.First(address => address.StartsWith("http://", StringComparison.Ordinal)));

    public X509Certificate2 Person(PeerKind kind) => Own(Load(Authority.Issue(PeerIdentity.OfPerson(Authority.Site, kind, "alice"), Life, [])));

    public X509Certificate2 Node(Role role) => Own(Load(Authority.Issue(PeerIdentity.OfNode(Authority.Site, NodeName, role), Life, [])));

    /// <summary>A builder with configuration file, certificate and ports in place, <c>AddNode</c> called, logging off.</summary>
    public WebApplicationBuilder Builder(Role role, params (string Key, string? Value)[] settings)
    {
        WriteNodeFiles(role);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.UseOnly(WriteConfiguration(role, settings));
        builder.Logging.ClearProviders();
        return builder.AddNode(role);
    }

    /// <summary>Starts a role's host; it stops with the site.</summary>
    public async Task<WebApplication> StartAsync(
        Role role, Action<WebApplicationBuilder> add, Action<WebApplication> map, params (string Key, string? Value)[] settings)
    {
        var builder = Builder(role, settings);
        add(builder);
        var app = builder.Build();
        _apps.Add(app);
        app.MapNode();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    /// <summary>A channel as a person's tool would open it: no retries, and the server trusted by the site's authority.</summary>
    public GrpcChannel Channel(Role role, X509Certificate2? certificate) => Channel(Address(role), certificate);

    public GrpcChannel Channel(Uri address, X509Certificate2? certificate)
    {
        var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = Handler(certificate), DisposeHttpClient = true });
        _owned.Enqueue(channel);
        return channel;
    }

    /// <summary>The HTTP client under such a channel.</summary>
    public SocketsHttpHandler Handler(X509Certificate2? certificate) => new()
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            ClientCertificates = certificate is null ? null : [certificate],
            RemoteCertificateValidationCallback = (_, server, _, _) => server is X509Certificate2 presented && IsOurs(presented),
        },
    };

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in _owned)
        {
            owned.Dispose();
        }

        foreach (var app in _apps)
        {
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
        }

        Authority.Dispose();
        _folder.Dispose();
    }

    /// <summary>Loads a certificate with its key.</summary>
    public static X509Certificate2 Load(IssuedCertificate issued) => X509Certificate2.CreateFromPem(issued.CertificatePem, issued.KeyPem);

    private X509Certificate2 Own(X509Certificate2 certificate)
    {
        _owned.Enqueue(certificate);
        return certificate;
    }

    private bool IsOurs(X509Certificate2 certificate)
    {
        using var authority = X509Certificate2.CreateFromPem(Authority.CertificatePem);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        return chain.Build(certificate);
    }

    private void WriteNodeFiles(Role role)
    {
        var pki = Path.Combine(State, role.Word(), "pki");
        if (!Directory.Exists(pki))
        {
            Authority.WriteNode(Authority.Issue(PeerIdentity.OfNode(Authority.Site, NodeName, role), Life, []), pki);
        }
    }

    private string WriteConfiguration(Role role, (string Key, string? Value)[] settings)
    {
        var values = new Dictionary<string, string?>
        {
            ["Node:Site"] = Authority.Site,
            ["Node:Name"] = NodeName,
            ["Node:StateDirectory"] = State,
            ["Node:ListenAddress"] = "127.0.0.1",
            [$"Node:Ports:{role}"] = $"{Ports[role]}",
            [$"Node:MetricsPorts:{role}"] = "0",
            ["Node:EnrollmentPort"] = $"{EnrollmentPort}",
        };
        foreach (var peer in Ports.Keys)
        {
            values[$"Peers:{peer}"] = Address(peer).ToString();
        }

        foreach (var (key, value) in settings)
        {
            values[key] = value;
        }

        var path = _folder.File($"{role.Word()}.json");
        File.WriteAllText(path, JsonSerializer.Serialize(values));
        return path;
    }
}
