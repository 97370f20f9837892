using System.Security.Cryptography;
using Appliance.Hosting;
using Appliance.Hosting.Enrollment;
using Appliance.Hosting.Identity;
using Appliance.Protos.Site.V1;
using Appliance.Tests.Shared;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using CertificateRequest = Appliance.Protos.Site.V1.CertificateRequest;

namespace Appliance.Router.Tests.Site.Enrollment;

/// <summary>A node whose disk was lost is flashed with its old file, in which the router has put fresh tokens.</summary>
public sealed class NodeFileRenewalTests
{
    [Fact]
    public async Task Node_that_was_enrolled_gets_fresh_tokens_and_nothing_else_changes()
    {
        await using var site = await EnrollmentSite.StartAsync();
        using var logger = await site.EnrollAsync();
        using var bmc = await site.EnrollAsync(role: Role.Bmc);
        var used = File(site, Role.Logger, Role.Bmc);

        var fresh = NodeFileSignature.Read(await RenewAsync(site, used));

        Assert.NotEqual((used.Token, used.FurtherRoles[0].Token), (fresh.Token, fresh.FurtherRoles[0].Token));
        Assert.Equal(NodeFileText.Write(used), NodeFileText.Write(fresh with { Token = used.Token, FurtherRoles = used.FurtherRoles, Signature = used.Signature }));
        Assert.True(EnrollmentToken.TryRead(fresh.Token, site.Site.Authority.Certificate, out var token));
        Assert.Equal(site.Clock.GetUtcNow().AddDays(1).ToUnixTimeSeconds(), token.EndTime.ToUnixTimeSeconds());
    }

    [Fact]
    public async Task What_it_asks_for_with_a_fresh_token_waits_for_an_admin_again()
    {
        await using var site = await EnrollmentSite.StartAsync();
        using var before = await site.EnrollAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var fresh = NodeFileSignature.Read(await RenewAsync(site, File(site, Role.Logger)));
        var answer = await site.AskAsync(fresh.Token, EnrollmentSite.SigningRequestOf(key));

        Assert.Equal(CertificateRequest.Types.State.Pending, answer.Request.State);
        Assert.Empty(answer.Certificate);
    }

    [Fact]
    public async Task Node_that_never_enrolled_or_was_revoked_gets_none()
    {
        await using var site = await EnrollmentSite.StartAsync();
        var file = File(site, Role.Logger);
        var unknown = await RefusedAsync(site, NodeFileText.Write(file));
        using var logger = await site.EnrollAsync();
        await RenewAsync(site, file);

        await site.Admin.RevokeCertificateAsync(new RevokeCertificateRequest { Identity = "spiffe://home/node/node2/logger", Reason = "stolen" });
        var revoked = await RefusedAsync(site, NodeFileText.Write(file));

        Assert.Equal(((StatusCode.FailedPrecondition, "NODE_NOT_ENROLLED"), (StatusCode.FailedPrecondition, "NODE_NOT_ENROLLED")), (unknown, revoked));
    }

    [Fact]
    public async Task File_that_was_changed_or_is_another_sites_is_refused()
    {
        await using var site = await EnrollmentSite.StartAsync();
        await using var other = new TestSite();
        using var logger = await site.EnrollAsync();
        var file = File(site, Role.Logger);

        var changed = await RefusedAsync(site, NodeFileText.Write(file with { Router = "gw.evil" }));
        var others = await RefusedAsync(site, NodeFileText.Write(File(site, other.Authority, Role.Logger)));
        var nothing = await RefusedAsync(site, []);

        Assert.Equal([StatusCode.InvalidArgument, StatusCode.InvalidArgument, StatusCode.InvalidArgument], new[] { changed.Code, others.Code, nothing.Code });
    }

    private static NodeFile File(EnrollmentSite site, params Role[] roles) => File(site, site.Site.Authority, roles);

    private static NodeFile File(EnrollmentSite site, SiteAuthority authority, params Role[] roles) => NodeFileSignature.Sign(
        EnrollmentToken.Into(
            new NodeFile
            {
                Site = "home",
                Name = "node2",
                Role = roles[0],
                FurtherRoles = [.. roles.Skip(1).Select(role => new FurtherRole(role, ""))],
                Router = "router.lan",
                Authority = authority.CertificatePem,
                AuthoritySha256 = Convert.ToHexStringLower(SHA256.HashData(authority.Certificate.RawData)),
            },
            site.Clock.GetUtcNow().AddDays(14),
            authority),
        authority);

    private static Task<byte[]> RenewAsync(EnrollmentSite site, NodeFile file) => RenewAsync(site, NodeFileText.Write(file));

    // As the BMC role asks, by its certificate.
    private static async Task<byte[]> RenewAsync(EnrollmentSite site, byte[] file)
    {
        var client = new EnrollmentService.EnrollmentServiceClient(site.Site.Channel(Role.Router, site.Site.Node(Role.Bmc)));
        var answer = await client.RenewNodeFileAsync(new RenewNodeFileRequest { NodeFile = ByteString.CopyFrom(file) }, cancellationToken: TestContext.Current.CancellationToken);
        return answer.NodeFile.ToByteArray();
    }

    private static async Task<(StatusCode Code, string Reason)> RefusedAsync(EnrollmentSite site, byte[] file)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => RenewAsync(site, file));
        return (error.StatusCode, error.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason ?? "");
    }
}
