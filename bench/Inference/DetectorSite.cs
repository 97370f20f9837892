using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Appliance.Detector;
using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Identity;
using Appliance.Protos.Inference.V1;
using Google.Protobuf;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Appliance.Benchmarks.Inference;

/// <summary>A Detector on a free port of this machine, with a site's certificates, and callers of it.</summary>
internal sealed class DetectorSite : IAsyncDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(1);

    private readonly SiteAuthority _authority;
    private readonly string _state;
    private readonly int _port = FreePort();
    private WebApplication? _app;

    public DetectorSite(string folder)
    {
        var authorityFolder = Path.Combine(folder, "ca");
        _state = Path.Combine(folder, "state");
        SiteAuthority.Create(authorityFolder, "home", TimeProvider.System).Dispose();
        _authority = SiteAuthority.Open(authorityFolder, TimeProvider.System);
        _authority.WriteNode(_authority.Issue(PeerIdentity.OfNode("home", "node1", Role.Detector), Life, []), Path.Combine(_state, "detector", "pki"));
    }

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.UseOnly(new Dictionary<string, string?>
        {
            ["Node:Site"] = "home",
            ["Node:Name"] = "node1",
            ["Node:StateDirectory"] = _state,
            ["Node:ListenAddress"] = "127.0.0.1",
            ["Node:Ports:Detector"] = $"{_port}",
            ["Node:MetricsPorts:Detector"] = "0",
        });
        builder.Logging.ClearProviders();
        builder.AddNode(Role.Detector);
        builder.AddDetector();
        _app = builder.Build();
        _app.MapNode();
        _app.MapDetector();
        await _app.StartAsync();
    }

    /// <summary>A connection of its own, over mutual TLS.</summary>
    public GrpcChannel Connect(PeerKind kind)
    {
        var issued = _authority.Issue(PeerIdentity.OfPerson("home", kind, "bench"), Life, []);
        var certificate = X509Certificate2.CreateFromPem(issued.CertificatePem, issued.KeyPem);
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = [certificate],
                RemoteCertificateValidationCallback = (_, server, _, _) => server is X509Certificate2 presented && IsOurs(presented),
            },
        };
        return GrpcChannel.ForAddress($"https://localhost:{_port}", new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
    }

    public async Task ActivateAsync(byte[] file)
    {
        using var channel = Connect(PeerKind.Admin);
        var models = new InferenceService.InferenceServiceClient(channel);
        using var call = models.UploadModel();
        await call.RequestStream.WriteAsync(new UploadModelRequest { Header = new Model { SizeBytes = (ulong)file.Length } });
        foreach (var chunk in file.Chunk(32 * 1024))
        {
            await call.RequestStream.WriteAsync(new UploadModelRequest { Chunk = ByteString.CopyFrom(chunk) });
        }

        await call.RequestStream.WriteAsync(new UploadModelRequest { Sha256 = ByteString.CopyFrom(SHA256.HashData(file)) });
        await call.RequestStream.CompleteAsync();
        var uploaded = await call;
        await models.ActivateModelAsync(new ActivateModelRequest { ModelId = uploaded.Model.Id });
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        _authority.Dispose();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private bool IsOurs(X509Certificate2 certificate)
    {
        using var authority = X509Certificate2.CreateFromPem(_authority.CertificatePem);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        return chain.Build(certificate);
    }
}
