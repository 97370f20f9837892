using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting;
using Appliance.Hosting.Enrollment;
using Appliance.Hosting.Events;
using Appliance.Hosting.Identity;
using Appliance.Protos.Site.V1;
using Appliance.Router.Site.Enrollment;
using Appliance.Tests.Shared;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Router.Tests.Site.Enrollment;

/// <summary>A router that only gives certificates, on a test's clock, with the site's authority or without.</summary>
internal sealed class EnrollmentSite : IAsyncDisposable
{
    private readonly bool _hasAuthority;
    private WebApplication _router = null!;
    private GrpcChannel? _stranger;

    private EnrollmentSite(bool hasAuthority) => _hasAuthority = hasAuthority;

    public TestSite Site { get; } = new();

    public PauseClock Clock { get; } = new();

    public Uri Door => new($"https://localhost:{Site.EnrollmentPort}");

    /// <summary>What the router has told, in order.</summary>
    public IReadOnlyList<string> Told => [.. _router.Services.GetRequiredService<EventLog>().After("", 0).Events.Select(told => $"{told.Severity} {told.Part}: {told.Text}")];

    public EnrollmentService.EnrollmentServiceClient Admin => new(Site.Channel(Role.Router, Site.Person(PeerKind.Admin)));

    public static async Task<EnrollmentSite> StartAsync(bool hasAuthority = true)
    {
        var site = new EnrollmentSite(hasAuthority);
        await site.StartRouterAsync();
        return site;
    }

    public async Task RestartAsync()
    {
        _stranger?.Dispose();
        _stranger = null;
        await _router.StopAsync(TestContext.Current.CancellationToken);
        await _router.DisposeAsync();
        await StartRouterAsync();
    }

    public string Token(string name = "node2", Role role = Role.Logger, TimeSpan? life = null, IReadOnlyList<string>? hosts = null, SiteAuthority? authority = null) =>
        EnrollmentToken.Make(PeerIdentity.OfNode("home", name, role), Clock.GetUtcNow() + (life ?? TimeSpan.FromDays(14)), hosts ?? []).Write(authority ?? Site.Authority);

    public static byte[] SigningRequestOf(AsymmetricAlgorithm key, string name = "CN=somebody else") => key switch
    {
        ECDsa ec => new System.Security.Cryptography.X509Certificates.CertificateRequest(name, ec, HashAlgorithmName.SHA256).CreateSigningRequest(),
        RSA rsa => new System.Security.Cryptography.X509Certificates.CertificateRequest(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequest(),
        _ => throw new ArgumentOutOfRangeException(nameof(key)),
    };

    /// <summary>As a node without a certificate asks.</summary>
    public async Task<RequestCertificateResponse> AskAsync(string token, byte[] signingRequest) =>
        await new EnrollmentService.EnrollmentServiceClient(Stranger()).RequestCertificateAsync(
            new RequestCertificateRequest { Token = token, SigningRequest = ByteString.CopyFrom(signingRequest) }, cancellationToken: TestContext.Current.CancellationToken);

    public async Task<(StatusCode Code, string Reason)> RefusedAsync(string token, byte[] signingRequest)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => AskAsync(token, signingRequest));
        return (error.StatusCode, error.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason ?? "");
    }

    /// <summary>One connection for all that strangers ask: there are few from one source.</summary>
    public GrpcChannel Stranger() => _stranger ??= Site.Channel(Door, certificate: null);

    /// <summary>Moves the clock, by which connections of strangers end as well.</summary>
    public void Advance(TimeSpan time)
    {
        _stranger?.Dispose();
        _stranger = null;
        Clock.Advance(time);
    }

    /// <summary>A node's certificate with its key, once asked for and approved.</summary>
    public async Task<X509Certificate2> EnrollAsync(string name = "node2", Role role = Role.Logger)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var token = Token(name, role);
        var pending = await AskAsync(token, SigningRequestOf(key));
        await Admin.ApproveRequestAsync(new ApproveRequestRequest { RequestId = pending.Request.Id });
        var approved = await AskAsync(token, SigningRequestOf(key));
        using var certificate = X509CertificateLoader.LoadCertificate(approved.Certificate.Span);
        return certificate.CopyWithPrivateKey(key);
    }

    public ValueTask DisposeAsync() => Site.DisposeAsync();

    private async Task StartRouterAsync() => _router = await Site.StartAsync(
        Role.Router,
        builder => builder.Services.AddSingleton<TimeProvider>(Clock).AddEnrollmentDesk(),
        app => app.MapRoleService<EnrollmentGrpcService>(),
        _hasAuthority ? [("Router:Enrollment:AuthorityFolder", Site.AuthorityFolder)] : []);
}
