using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Protos.Site.V1;
using Appliance.Router.Site.Enrollment;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Change = Appliance.Protos.Site.V1.WatchRevocationsResponse.ChangeOneofCase;

namespace Appliance.Router.Tests.Site.Enrollment;

public sealed class RevocationTests
{
    [Fact]
    public async Task Node_renews_for_its_own_identity_and_both_certificates_count()
    {
        await using var site = await EnrollmentSite.StartAsync();
        using var before = await site.EnrollAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var answer = await Client(site, before).RenewCertificateAsync(new RenewCertificateRequest { SigningRequest = ByteString.CopyFrom(EnrollmentSite.SigningRequestOf(key, "CN=router")) });

        using var renewed = X509CertificateLoader.LoadCertificate(answer.Certificate.Span);
        using var after = renewed.CopyWithPrivateKey(key);
        Assert.True(PeerIdentity.TryParse(after, out var identity));
        Assert.Equal("spiffe://home/node/node2/logger", identity.ToString());
        Assert.NotEqual(before.SerialNumber, after.SerialNumber);
        Assert.True(await IsLetInAsync(site, before));
        Assert.True(await IsLetInAsync(site, after));
    }

    [Fact]
    public async Task Node_that_renews_again_and_again_is_stopped()
    {
        await using var site = await EnrollmentSite.StartAsync();
        using var node = await site.EnrollAsync();
        var client = Client(site, node);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new RenewCertificateRequest { SigningRequest = ByteString.CopyFrom(EnrollmentSite.SigningRequestOf(key)) };
        // The first one of the hour was the node's enrollment.
        for (var count = 1; count < CertificateDesk.MostAnHour; count++)
        {
            await client.RenewCertificateAsync(request);
        }

        var error = await Assert.ThrowsAsync<RpcException>(async () => await client.RenewCertificateAsync(request));

        Assert.Equal((StatusCode.ResourceExhausted, "RENEWED_TOO_OFTEN"), (error.StatusCode, error.GetRpcStatus()!.GetDetail<ErrorInfo>().Reason));
    }

    [Fact]
    public async Task Revoked_certificate_is_cut_off_and_neither_let_in_nor_renewed_also_after_a_restart()
    {
        await using var site = await EnrollmentSite.StartAsync();
        using var node = await site.EnrollAsync();
        using var watch = Client(site, node).WatchRevocations(new WatchRevocationsRequest(), cancellationToken: TestContext.Current.CancellationToken);
        await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken);

        await site.Admin.RevokeCertificateAsync(new RevokeCertificateRequest { Serial = ByteString.CopyFrom(node.SerialNumberBytes.Span), Reason = "stolen" });
        // Cut before or after the news of its own end came through.
        await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
            {
            }
        });
        var isLetIn = await IsLetInAsync(site, node);
        await site.RestartAsync();
        var isLetInLater = await IsLetInAsync(site, node);

        Assert.False(isLetIn);
        Assert.False(isLetInLater);
    }

    [Fact]
    public async Task All_certificates_of_an_identity_are_revoked_in_one_call()
    {
        await using var site = await EnrollmentSite.StartAsync();
        using var first = await site.EnrollAsync();
        using var second = await site.EnrollAsync();
        using var other = await site.EnrollAsync("node3", Role.Detector);

        var answer = await site.Admin.RevokeCertificateAsync(new RevokeCertificateRequest { Identity = "spiffe://home/node/node2/logger", Reason = "stolen" });

        Assert.Equal(
            new[] { first, second }.Select(RevocationList.SerialOf).Order(),
            answer.Revocations.Select(one => Convert.ToHexStringLower(one.Serial.Span)).Order());
        Assert.All(answer.Revocations, one => Assert.Equal(("spiffe://home/node/node2/logger", "stolen"), (one.Identity, one.Reason)));
        Assert.True(await IsLetInAsync(site, other));
    }

    [Fact]
    public async Task Watch_sends_what_is_revoked_then_a_marker_then_what_follows()
    {
        await using var site = await EnrollmentSite.StartAsync();
        await RevokeAsync(site, 0x41);
        using var watch = Client(site, site.Site.Node(Role.Detector)).WatchRevocations(new WatchRevocationsRequest(), cancellationToken: TestContext.Current.CancellationToken);
        var changes = new List<(Change, string)>();
        for (var count = 0; count < 2; count++)
        {
            changes.Add(await NextAsync(watch));
        }

        await RevokeAsync(site, 0x42);
        changes.Add(await NextAsync(watch));

        Assert.Equal([(Change.Revocation, "41"), (Change.SnapshotEnd, ""), (Change.Revocation, "42")], changes);
        Assert.Equal(["41", "42"], (await site.Admin.ListRevocationsAsync(new ListRevocationsRequest())).Revocations.Select(one => Convert.ToHexStringLower(one.Serial.Span)));
    }

    [Theory]
    [InlineData("", "", "stolen", StatusCode.InvalidArgument)]
    [InlineData("41", "", "", StatusCode.InvalidArgument)]
    [InlineData("41", "spiffe://home/node/node2/logger", "stolen", StatusCode.InvalidArgument)]
    [InlineData("000000000000000000000000000000000000000000414243444546474849", "", "stolen", StatusCode.OK)]
    [InlineData("010203040506070809101112131415161718192021", "", "stolen", StatusCode.InvalidArgument)]
    [InlineData("", "spiffe://home/node/node9/logger", "stolen", StatusCode.NotFound)]
    public async Task Revocation_takes_one_of_serial_and_identity_and_a_reason(string serial, string identity, string reason, StatusCode expected)
    {
        await using var site = await EnrollmentSite.StartAsync();
        var request = new RevokeCertificateRequest { Serial = ByteString.CopyFrom(Convert.FromHexString(serial)), Identity = identity, Reason = reason };

        var code = await CodeOfAsync(async () => await site.Admin.RevokeCertificateAsync(request));

        Assert.Equal(expected, code);
    }

    [Fact]
    public async Task Routers_own_certificate_in_use_is_not_revoked()
    {
        await using var site = await EnrollmentSite.StartAsync();
        using var own = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(site.Site.State, "router", "pki", "node.crt"));

        var code = await CodeOfAsync(async () => await site.Admin.RevokeCertificateAsync(new RevokeCertificateRequest { Serial = ByteString.CopyFrom(own.SerialNumberBytes.Span), Reason = "why not" }));

        Assert.Equal(StatusCode.FailedPrecondition, code);
    }

    private static EnrollmentService.EnrollmentServiceClient Client(EnrollmentSite site, X509Certificate2 certificate) => new(site.Site.Channel(Role.Router, certificate));

    // On a connection of its own.
    private static async Task<bool> IsLetInAsync(EnrollmentSite site, X509Certificate2 certificate) => await CodeOfAsync(async () =>
    {
        using var watch = Client(site, certificate).WatchRevocations(new WatchRevocationsRequest(), cancellationToken: TestContext.Current.CancellationToken);
        await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken);
    }) == StatusCode.OK;

    private static async Task<StatusCode> CodeOfAsync(Func<Task> call)
    {
        try
        {
            await call();
            return StatusCode.OK;
        }
        catch (RpcException error)
        {
            return error.StatusCode;
        }
    }

    private static async Task RevokeAsync(EnrollmentSite site, byte serial) =>
        await site.Admin.RevokeCertificateAsync(new RevokeCertificateRequest { Serial = ByteString.CopyFrom(serial), Reason = "stolen" });

    private static async Task<(Change, string)> NextAsync(AsyncServerStreamingCall<WatchRevocationsResponse> watch)
    {
        Assert.True(await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        var change = watch.ResponseStream.Current;
        return (change.ChangeCase, change.Revocation is { } one ? Convert.ToHexStringLower(one.Serial.Span) : "");
    }
}
