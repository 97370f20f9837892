using System.CommandLine;
using System.Security.Cryptography;
using Appliance.Commands;
using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Hosting.Listeners;
using Appliance.Protos.Bmc.V1;
using Appliance.Protos.Site.V1;
using Appliance.Tests.Shared;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Tests.Commands;

/// <summary>`appliance flash watch` beside a job whose node asks for its certificate; the job is told by a script, the calls are real.</summary>
public sealed class FlashApprovalTests : IAsyncDisposable
{
    private static readonly ByteString Key = ByteString.CopyFrom(SHA256.HashData("key"u8));
    private static readonly ByteString Another = ByteString.CopyFrom(SHA256.HashData("another"u8));

    private readonly TestSite _site = new();
    private readonly TempFolder _folder = new();
    private readonly Desk _desk = new();

    [Fact]
    public async Task Request_is_approved_where_console_and_router_show_the_same_key()
    {
        _desk.Held = Request(Key);
        await StartAsync(Enrolling(), Ended(Flash.Types.State.Succeeded));

        var run = await RunAsync("--approve");

        Assert.Equal((0, "q1"), (run.Code, _desk.Approved));
        Assert.Contains($"Slot 1: request q1 of logger node2 is approved; console and router show key {Hex(Key)}.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_with_another_key_is_not_and_both_keys_are_told()
    {
        _desk.Held = Request(Another);
        await StartAsync(Enrolling(), Ended(Flash.Types.State.Succeeded));

        var run = await RunAsync("--approve");

        Assert.Equal((1, ""), (run.Code, _desk.Approved));
        Assert.Contains($"with key {Hex(Key)}, the router holds logger node2 with key {Hex(Another)}", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_approved_unasked_and_the_operator_is_told_what_to_do()
    {
        _desk.Held = Request(Key);
        await StartAsync(Enrolling(), Ended(Flash.Types.State.Succeeded));

        var run = await RunAsync();

        Assert.Equal((0, ""), (run.Code, _desk.Approved));
        Assert.Contains("run 'appliance pki approve q1'", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Flash.Types.State.Verifying, "verifying")]
    [InlineData(Flash.Types.State.Proving, "proving")]
    [InlineData(Flash.Types.State.Enrolling, "enrolling")]
    [InlineData(Flash.Types.State.Starting, "starting")]
    public async Task Stage_that_failed_is_told(Flash.Types.State stage, string word)
    {
        await StartAsync(Ended(Flash.Types.State.Failed, stage));

        var run = await RunAsync("--format", "json");

        Assert.Equal(1, run.Code);
        Assert.Contains($"\"failed_in\":\"{word}\"", run.Output.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_that_is_lost_sight_of_is_told_with_where_it_stood_and_how_to_follow_it_again()
    {
        await StartAsync(Enrolling(), null);

        var run = await RunAsync();

        Assert.Equal(1, run.Code);
        Assert.Contains("Flash f1 is no longer followed; slot 1 was at 'enrolling'", run.Error, StringComparison.Ordinal);
        Assert.Contains("'appliance flash watch f1' follows it", run.Error, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        _folder.Dispose();
    }

    private static string Hex(ByteString key) => Convert.ToHexStringLower(key.Span);

    private static CertificateRequest Request(ByteString key) => new() { Id = "q1", Node = "node2", Role = "logger", State = CertificateRequest.Types.State.Pending, KeySha256 = key };

    private static Flash Enrolling() => new()
    {
        Id = "f1",
        SlotNumber = 1,
        State = Flash.Types.State.Enrolling,
        Note = "Compare the key, then run 'appliance pki approve q1'.",
        Results =
        {
            new FlashResult
            {
                SlotNumber = 1, State = Flash.Types.State.Enrolling, NodeName = "node2", EnrollmentRequests = { new SlotEnrollment { Role = "logger", RequestId = "q1", KeySha256 = Key } },
            },
        },
    };

    private static Flash Ended(Flash.Types.State state, Flash.Types.State failedIn = Flash.Types.State.Unspecified) => new()
    {
        Id = "f1", SlotNumber = 1, State = state, Results = { new FlashResult { SlotNumber = 1, State = state, FailedIn = failedIn } },
    };

    private async Task StartAsync(params Flash?[] told)
    {
        _site.Authority.Issue(PeerIdentity.OfPerson(_site.Authority.Site, PeerKind.Admin, "alice"), TimeSpan.FromDays(1), []).Write(_folder.Path, "admin");
        await File.WriteAllTextAsync(_folder.File("ca.crt"), _site.Authority.CertificatePem, TestContext.Current.CancellationToken);
        await _site.StartAsync(Role.Bmc, builder => builder.Services.AddSingleton(new Job(told)), app => app.MapRoleService<Board>());
        await _site.StartAsync(Role.Router, builder => builder.Services.AddSingleton(_desk), app => app.MapRoleService<Enrollment>());
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] options)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var parsed = FlashCommand.Create().Parse(
            ["watch", .. options, "--server", $"{_site.Address(Role.Bmc)}", "--router", $"{_site.Address(Role.Router)}", "--pki", _folder.Path, "--as", "admin"]);
        var code = await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false }, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }

    internal sealed record Job(IReadOnlyList<Flash?> Told);

    internal sealed class Desk
    {
        public CertificateRequest? Held { get; set; }

        public string Approved { get; set; } = "";
    }

    internal sealed class Board(Job job) : BmcService.BmcServiceBase
    {
        // A null is where the role ends.
        public override async Task WatchFlash(WatchFlashRequest request, IServerStreamWriter<WatchFlashResponse> responseStream, ServerCallContext context)
        {
            foreach (var flash in job.Told)
            {
                await responseStream.WriteAsync(new WatchFlashResponse { Flash = flash ?? throw new RpcException(new Status(StatusCode.Unavailable, "gone")) }, context.CancellationToken);
            }
        }
    }

    internal sealed class Enrollment(Desk desk) : EnrollmentService.EnrollmentServiceBase
    {
        public override Task<ListRequestsResponse> ListRequests(ListRequestsRequest request, ServerCallContext context) =>
            Task.FromResult(new ListRequestsResponse { Requests = { desk.Held is { } held ? [held] : [] } });

        public override Task<ApproveRequestResponse> ApproveRequest(ApproveRequestRequest request, ServerCallContext context)
        {
            desk.Approved = request.RequestId;
            return Task.FromResult(new ApproveRequestResponse());
        }
    }
}
