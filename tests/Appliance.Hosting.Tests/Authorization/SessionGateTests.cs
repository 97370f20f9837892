using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting.Authorization;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Identity;
using Appliance.Hosting.Tests.Probe;
using Appliance.Protos.Traffic.V1;
using Appliance.Tests.Shared;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Appliance.Hosting.Tests.Authorization;

/// <summary>A call that carries a session's token, at a role that did not sign it.</summary>
[Trait("Category", "Slow")]
public sealed class SessionGateTests : IAsyncDisposable
{
    private static readonly PeerIdentity Alice = PeerIdentity.OfPerson("home", PeerKind.Reader, "alice");

    private readonly TestSite _site = new();
    private readonly ProbeCalls _calls = new();
    private readonly HashSet<string> _ended = [];

    public SessionGateTests() => _calls.OnCall = context =>
    {
        _calls.Callers.Enqueue(context.Caller());
        return Task.CompletedTask;
    };

    [Fact]
    public async Task Token_makes_the_Logger_speak_for_the_person()
    {
        await StartAsync();
        var logger = _site.Node(Role.Logger);

        await CallAsync(logger, Token(logger));

        Assert.Equal(Alice with { Via = PeerIdentity.OfNode("home", "node1", Role.Logger) }, Assert.Single(_calls.Callers));
    }

    [Fact]
    public async Task Without_a_token_the_Logger_is_itself_and_may_not()
    {
        await StartAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => CallAsync(_site.Node(Role.Logger), token: null));

        Assert.Equal((StatusCode.PermissionDenied, "CALLER_NOT_ALLOWED"), (error.StatusCode, error.Reason()));
    }

    [Fact]
    public async Task Token_of_another_certificate_is_refused()
    {
        await StartAsync();

        await RefusesAsync("SESSION_WRONG_HOLDER", _site.Node(Role.Logger), Token(_site.Node(Role.Logger)));
    }

    [Theory]
    [InlineData(Role.Detector)]
    [InlineData(Role.Bmc)]
    public async Task Token_counts_over_a_Logger_alone(Role role)
    {
        await StartAsync();
        var node = _site.Node(role);

        await RefusesAsync("SESSION_WRONG_HOLDER", node, Token(node));
    }

    [Fact]
    public async Task Expired_token_is_refused()
    {
        await StartAsync();
        var logger = _site.Node(Role.Logger);

        await RefusesAsync("SESSION_EXPIRED", logger, Token(logger, life: TimeSpan.FromSeconds(-1)));
    }

    [Fact]
    public async Task Ended_session_is_refused()
    {
        await StartAsync();
        var logger = _site.Node(Role.Logger);
        _ended.Add("one");

        await RefusesAsync("SESSION_ENDED", logger, Token(logger));
    }

    [Fact]
    public async Task Token_that_the_Logger_signed_itself_is_refused()
    {
        await StartAsync();
        var logger = _site.Node(Role.Logger);

        await RefusesAsync("SESSION_WRONG_SIGNER", logger, Token(logger, signer: logger));
    }

    [Fact]
    public async Task Token_of_another_sites_router_is_refused()
    {
        await using var other = new TestSite();
        await StartAsync();
        var logger = _site.Node(Role.Logger);

        await RefusesAsync("SESSION_WRONG_SIGNER", logger, Token(logger, signer: other.Node(Role.Router)));
    }

    [Fact]
    public async Task Token_with_the_routers_certificate_and_anothers_signature_is_refused()
    {
        await StartAsync();
        var logger = _site.Node(Role.Logger);
        var (real, forged) = (Token(logger).Split('.'), Token(logger, signer: logger).Split('.'));

        await RefusesAsync("SESSION_WRONG_SIGNER", logger, $"{real[0]}.{real[1]}.{forged[2]}");
    }

    [Fact]
    public async Task Token_that_says_more_than_was_signed_is_refused()
    {
        await StartAsync();
        var logger = _site.Node(Role.Logger);
        var (real, raised) = (Token(logger).Split('.'), Token(logger, person: PeerIdentity.OfPerson("home", PeerKind.Admin, "alice")).Split('.'));

        await RefusesAsync("SESSION_WRONG_SIGNER", logger, $"{real[0]}.{raised[1]}.{real[2]}");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    public async Task Algorithm_is_not_the_tokens_choice(string algorithm)
    {
        await StartAsync();
        var logger = _site.Node(Role.Logger);
        var parts = Token(logger).Split('.');
        var header = Base64UrlEncoder.Decode(parts[0]).Replace("\"ES256\"", $"\"{algorithm}\"", StringComparison.Ordinal);

        await RefusesAsync("SESSION_WRONG_SIGNER", logger, $"{Base64UrlEncoder.Encode(header)}.{parts[1]}.{(algorithm == "none" ? "" : parts[2])}");
    }

    [Fact]
    public async Task Token_of_another_type_is_refused()
    {
        await StartAsync();
        var logger = _site.Node(Role.Logger);
        var router = _site.Node(Role.Router);
        using var key = router.GetECDsaPrivateKey()!;
        var other = new JsonWebTokenHandler().CreateToken(
            Base64UrlEncoder.Decode(Token(logger).Split('.')[1]),
            new SigningCredentials(new ECDsaSecurityKey(key), SecurityAlgorithms.EcdsaSha256),
            new Dictionary<string, object> { ["x5c"] = new[] { Convert.ToBase64String(router.RawData) } });

        await RefusesAsync("SESSION_WRONG_SIGNER", logger, other);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("e30.e30.")]
    public async Task Nonsense_is_refused_and_not_passed_over(string token)
    {
        await StartAsync();

        // WatchFlows is open to the Logger itself, so only the token can be the reason.
        using var watch = Client(_site.Node(Role.Logger)).WatchFlows(new WatchFlowsRequest(), SessionMetadata.Of(token));
        var error = await Assert.ThrowsAsync<RpcException>(() => watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        Assert.Equal((StatusCode.Unauthenticated, "SESSION_UNREADABLE"), (error.StatusCode, error.Reason()));
    }

    [Fact]
    public async Task Mutated_tokens_are_refused_and_break_nothing()
    {
        await StartAsync();
        var logger = _site.Node(Role.Logger);
        var client = Client(logger);
        var token = Token(logger);
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var mutated = token.ToCharArray();
            var place = random.Next(mutated.Length - 1);
            mutated[place] = mutated[place] == 'A' ? 'B' : 'A';

            var error = await Assert.ThrowsAsync<RpcException>(async () => await client.ListFlowsAsync(new ListFlowsRequest(), SessionMetadata.Of(new string(mutated))));

            Assert.Equal(StatusCode.Unauthenticated, error.StatusCode);
        }
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private async Task RefusesAsync(string reason, X509Certificate2 caller, string token)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => CallAsync(caller, token));

        Assert.Equal((StatusCode.Unauthenticated, reason), (error.StatusCode, error.Reason()));
        Assert.Empty(_calls.Callers);
    }

    private async Task CallAsync(X509Certificate2 caller, string? token) =>
        await Client(caller).ListFlowsAsync(new ListFlowsRequest(), token is null ? null : SessionMetadata.Of(token));

    private TrafficService.TrafficServiceClient Client(X509Certificate2 caller) => new(_site.Channel(Role.Detector, caller));

    // Asked by whoever reads, not by whoever writes.
    private RevocationList Revoked() => new(new NodePaths(Options.Create(new NodeOptions { StateDirectory = _site.State }), new RunningRole(Role.Detector)));

    private string Token(X509Certificate2 holder, X509Certificate2? signer = null, PeerIdentity? person = null, TimeSpan? life = null)
    {
        signer ??= _site.Node(Role.Router);
        Assert.True(PeerIdentity.TryParse(signer, out var identity));
        var expire = TimeProvider.System.GetUtcNow() + (life ?? TimeSpan.FromHours(1));
        var claims = new SessionClaims("one", person ?? Alice, CertificateThumbprint.Of(holder), expire - TimeSpan.FromHours(1), expire);
        return SessionToken.Write(claims, new CredentialSet(signer, [], identity, Revoked()));
    }

    private Task<WebApplication> StartAsync() => _site.StartAsync(
        Role.Detector,
        builder => builder.Services.AddSingleton(_calls).AddSingleton(_calls.OnCall).AddSingleton<SessionCheck>(id => !_ended.Contains(id)),
        app => app.MapRoleService<ProbeTraffic>());
}
