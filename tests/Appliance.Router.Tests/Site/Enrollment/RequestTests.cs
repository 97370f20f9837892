using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Protos.Site.V1;
using Appliance.Router.Site.Enrollment;
using Appliance.Tests.Shared;
using Google.Rpc;
using Grpc.Core;
using State = Appliance.Protos.Site.V1.CertificateRequest.Types.State;

namespace Appliance.Router.Tests.Site.Enrollment;

public sealed class RequestTests : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [Fact]
    public async Task Node_gets_the_certificate_of_its_token_once_an_admin_approved()
    {
        await using var site = await EnrollmentSite.StartAsync();
        var token = site.Token(hosts: ["192.168.1.2"]);

        var first = await site.AskAsync(token, SigningRequestOfKey());
        var second = await site.AskAsync(token, SigningRequestOfKey());
        var approved = await site.Admin.ApproveRequestAsync(new ApproveRequestRequest { RequestId = first.Request.Id });
        var third = await site.AskAsync(token, SigningRequestOfKey());

        Assert.Equal((State.Pending, State.Pending, State.Approved), (first.Request.State, second.Request.State, third.Request.State));
        Assert.Equal((first.Request.Id, ""), (second.Request.Id, second.Certificate.ToStringUtf8()));
        Assert.Equal(SHA256.HashData(_key.ExportSubjectPublicKeyInfo()), first.Request.KeySha256);
        using var certificate = X509CertificateLoader.LoadCertificate(third.Certificate.Span);
        Assert.True(PeerIdentity.TryParse(certificate, out var identity));
        Assert.Equal("spiffe://home/node/node2/logger", identity.ToString());
        Assert.Equal("CN=node2", certificate.Subject);
        Assert.Equal(_key.ExportSubjectPublicKeyInfo(), certificate.PublicKey.ExportSubjectPublicKeyInfo());
        Assert.Equal(approved.Request.Serial, Google.Protobuf.ByteString.CopyFrom(certificate.SerialNumberBytes.Span));
        Assert.True(certificate.MatchesHostname("192.168.1.2"));
        Assert.InRange(certificate.NotAfter.ToUniversalTime() - site.Clock.GetUtcNow().UtcDateTime, TimeSpan.FromDays(89.9), TimeSpan.FromDays(90));
    }

    [Fact]
    public async Task Every_step_is_written_down_and_told()
    {
        await using var site = await EnrollmentSite.StartAsync();
        var token = site.Token();

        var pending = await site.AskAsync(token, SigningRequestOfKey());
        await site.Admin.ApproveRequestAsync(new ApproveRequestRequest { RequestId = pending.Request.Id });
        await site.AskAsync(token, SigningRequestOfKey());
        await site.AskAsync(token, SigningRequestOfKey());

        var (id, key) = (pending.Request.Id, Convert.ToHexStringLower(pending.Request.KeySha256.Span));
        string[] steps =
        [
            $"Info audit: unknown at 127.0.0.1: RequestCertificate node=spiffe://home/node/node2/logger request_id={id}; key {key}",
            $"Warning enrollment: spiffe://home/node/node2/logger asks for its certificate from 127.0.0.1. Compare key {key} with the node's console, then: appliance pki approve {id}",
            $"Info audit: spiffe://home/admin/alice: ApproveRequest request_id={id}",
            "Info enrollment: issued ",
            $"Info audit: unknown at 127.0.0.1: HandOutCertificate node=spiffe://home/node/node2/logger request_id={id}; key {key}",
        ];
        var told = site.Told.Where(line => !line.Contains("StartRole", StringComparison.Ordinal)).ToList();
        Assert.Equal(steps.Length, told.Count);
        Assert.All(steps.Zip(told), pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Token_works_for_one_key_only_and_a_second_one_is_told(bool isApproved)
    {
        await using var site = await EnrollmentSite.StartAsync();
        var token = site.Token();
        var pending = await site.AskAsync(token, SigningRequestOfKey());
        if (isApproved)
        {
            await site.Admin.ApproveRequestAsync(new ApproveRequestRequest { RequestId = pending.Request.Id });
        }

        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var refusal = await site.RefusedAsync(token, EnrollmentSite.SigningRequestOf(other));

        Assert.Equal((StatusCode.Unauthenticated, "TOKEN_USED"), refusal);
        Assert.Contains(site.Told, line => line.StartsWith("Warning audit: unknown at 127.0.0.1: RequestCertificate", StringComparison.Ordinal) && line.Contains("was refused", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Requests_and_used_tokens_outlive_a_restart(bool isApproved)
    {
        await using var site = await EnrollmentSite.StartAsync();
        var token = site.Token();
        var pending = await site.AskAsync(token, SigningRequestOfKey());
        if (isApproved)
        {
            await site.Admin.ApproveRequestAsync(new ApproveRequestRequest { RequestId = pending.Request.Id });
        }

        await site.RestartAsync();
        var after = await site.AskAsync(token, SigningRequestOfKey());
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var refusal = await site.RefusedAsync(token, EnrollmentSite.SigningRequestOf(other));

        Assert.Equal((pending.Request.Id, isApproved ? State.Approved : State.Pending, isApproved), (after.Request.Id, after.Request.State, after.Certificate.Length > 0));
        Assert.Equal("TOKEN_USED", refusal.Reason);
    }

    [Fact]
    public async Task Token_counts_until_its_end_and_no_longer()
    {
        await using var site = await EnrollmentSite.StartAsync();
        var token = site.Token(life: TimeSpan.FromHours(1));
        await site.AskAsync(token, SigningRequestOfKey());

        site.Advance(TimeSpan.FromHours(1));
        var refusal = await site.RefusedAsync(token, SigningRequestOfKey());

        Assert.Equal((StatusCode.Unauthenticated, "TOKEN_ENDED"), refusal);
        Assert.Empty((await site.Admin.ListRequestsAsync(new ListRequestsRequest())).Requests);
    }

    [Fact]
    public async Task Clock_that_was_set_back_makes_no_used_token_new()
    {
        await using var site = await EnrollmentSite.StartAsync();
        var token = site.Token(life: TimeSpan.FromDays(60));
        await site.AskAsync(token, SigningRequestOfKey());
        site.Advance(TimeSpan.FromDays(59));
        await site.AskAsync(site.Token("node3"), SigningRequestOfKey());

        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var refusal = await site.RefusedAsync(token, EnrollmentSite.SigningRequestOf(other));

        Assert.Equal("TOKEN_USED", refusal.Reason);
    }

    [Fact]
    public async Task Token_of_another_authority_is_refused_and_leaves_nothing()
    {
        await using var site = await EnrollmentSite.StartAsync();
        using var folder = new TempFolder();
        using var other = SiteAuthority.Create(folder.File("ca"), "home", TimeProvider.System);

        var refusal = await site.RefusedAsync(site.Token(authority: other), SigningRequestOfKey());

        Assert.Equal((StatusCode.Unauthenticated, "TOKEN_REFUSED"), refusal);
        Assert.Empty((await site.Admin.ListRequestsAsync(new ListRequestsRequest())).Requests);
    }

    [Fact]
    public async Task Key_of_another_kind_or_without_its_proof_is_refused()
    {
        await using var site = await EnrollmentSite.StartAsync();
        using var rsa = RSA.Create(2048);
        using var large = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        using var good = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var unproved = SigningRequestOfKey();
        unproved[^1] ^= 1;

        byte[][] bad = [EnrollmentSite.SigningRequestOf(rsa), EnrollmentSite.SigningRequestOf(large), unproved, [], new byte[5000]];
        var refusals = new List<(StatusCode, string)>();
        foreach (var request in bad)
        {
            refusals.Add(await site.RefusedAsync(site.Token(), request));
        }

        var taken = await site.AskAsync(site.Token(), EnrollmentSite.SigningRequestOf(good));
        Assert.All(refusals, refusal => Assert.Equal((StatusCode.InvalidArgument, "INVALID_INPUT"), refusal));
        Assert.Equal(State.Pending, taken.Request.State);
    }

    [Fact]
    public async Task Refused_request_stays_refused()
    {
        await using var site = await EnrollmentSite.StartAsync();
        var token = site.Token();
        var pending = await site.AskAsync(token, SigningRequestOfKey());

        await site.Admin.RefuseRequestAsync(new RefuseRequestRequest { RequestId = pending.Request.Id, Reason = "not ours" });
        var after = await site.AskAsync(token, SigningRequestOfKey());
        var error = await Assert.ThrowsAsync<RpcException>(async () => await site.Admin.ApproveRequestAsync(new ApproveRequestRequest { RequestId = pending.Request.Id }));

        Assert.Equal((State.Refused, 0), (after.Request.State, after.Certificate.Length));
        Assert.Equal((StatusCode.FailedPrecondition, "REQUEST_REFUSED"), (error.StatusCode, error.GetRpcStatus()!.GetDetail<ErrorInfo>().Reason));
        Assert.Contains(site.Told, line => line.EndsWith($"RefuseRequest request_id={pending.Request.Id}; not ours", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Router_without_the_authority_says_the_way_by_files()
    {
        await using var site = await EnrollmentSite.StartAsync(hasAuthority: false);

        var error = await Assert.ThrowsAsync<RpcException>(() => site.AskAsync(site.Token(), SigningRequestOfKey()));

        Assert.Equal((StatusCode.FailedPrecondition, "AUTHORITY_OFFLINE"), (error.StatusCode, error.GetRpcStatus()!.GetDetail<ErrorInfo>().Reason));
        Assert.Contains("appliance pki issue", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Source_that_asks_too_often_is_told_when_to_come_back()
    {
        await using var site = await EnrollmentSite.StartAsync();
        for (var count = 0; count < RequestBudget.PerSource; count++)
        {
            await site.RefusedAsync("nonsense", SigningRequestOfKey());
        }

        site.Advance(TimeSpan.FromSeconds(20));
        var early = await Assert.ThrowsAsync<RpcException>(() => site.AskAsync(site.Token(), SigningRequestOfKey()));
        site.Advance(TimeSpan.FromSeconds(40));
        var late = await site.AskAsync(site.Token(), SigningRequestOfKey());

        Assert.Equal(StatusCode.ResourceExhausted, early.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(40), early.GetRpcStatus()!.GetDetail<RetryInfo>().RetryDelay.ToTimeSpan());
        Assert.Equal(State.Pending, late.Request.State);
    }

    [Fact]
    public void Many_sources_are_heard_no_more_often_than_all_together_may()
    {
        var budget = new RequestBudget(TimeProvider.System);

        var heard = Enumerable.Range(0, 1000).Count(number =>
        {
            try
            {
                budget.Take(new System.Net.IPAddress([10, 0, (byte)(number / 256), (byte)number]));
                return true;
            }
            catch (Hosting.Errors.LimitExceededException)
            {
                return false;
            }
        });

        Assert.Equal(RequestBudget.PerMinute, heard);
    }

    [Fact]
    public async Task List_is_open_to_readers_and_comes_in_pages()
    {
        await using var site = await EnrollmentSite.StartAsync();
        await site.AskAsync(site.Token("node2"), SigningRequestOfKey());
        site.Advance(TimeSpan.FromSeconds(1));
        await site.AskAsync(site.Token("node3", Role.Detector), SigningRequestOfKey());

        var reader = new EnrollmentService.EnrollmentServiceClient(site.Site.Channel(Role.Router, site.Site.Person(PeerKind.Reader)));
        var first = await reader.ListRequestsAsync(new ListRequestsRequest { PageSize = 1 });
        var second = await reader.ListRequestsAsync(new ListRequestsRequest { PageSize = 1, PageToken = first.NextPageToken });

        Assert.Equal([("node2", "logger"), ("node3", "detector")], first.Requests.Concat(second.Requests).Select(request => (request.Node, request.Role)));
        Assert.Empty(second.NextPageToken);
    }

    public void Dispose() => _key.Dispose();

    private byte[] SigningRequestOfKey() => EnrollmentSite.SigningRequestOf(_key);
}
