using Appliance.Hosting.Audit;
using Appliance.Hosting.Authorization;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Events;
using Appliance.Hosting.Identity;
using Appliance.Protos.Inference.V1;
using Appliance.Protos.Rules.V1;
using Appliance.Tests.Shared;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Hosting.Tests.Audit;

public sealed class AuditInterceptorTests : IAsyncDisposable
{
    private readonly TestSite _site = new();
    private readonly ChangeCalls _calls = new();

    private string FilePath => Path.Combine(_site.State, "router", AuditFile.FileName);

    [Fact]
    public async Task Change_is_written_down_with_who_what_and_why()
    {
        await StartAsync();

        await Rules(PeerKind.Operator).DeleteBlockAsync(new DeleteBlockRequest { BlockId = "b1" }, new Metadata { { "appliance-reason", "false alarm" } });

        Assert.Equal(("spiffe://home/operator/alice", "DeleteBlock", "block_id=b1", "false alarm", true), What(Entries()[^1]));
    }

    [Fact]
    public async Task Reading_leaves_no_entry()
    {
        await StartAsync();
        var before = Entries().Count;

        await Rules(PeerKind.Operator).ListBlocksAsync(new ListBlocksRequest());

        Assert.Equal(before, Entries().Count);
    }

    [Fact]
    public async Task Killed_before_the_answer_the_entry_is_on_the_medium_already()
    {
        var inside = new SyncPoint();
        _calls.OnChange = context => inside.ReachAndWaitAsync(context.CancellationToken);
        await StartAsync();
        var call = Rules(PeerKind.Operator).DeleteBlockAsync(new DeleteBlockRequest { BlockId = "b1" });
        await inside.WaitAsync();

        // What a power cut would leave at this moment: the file and its log, nothing that the process would still write.
        var copy = CopyOfTheMedium();
        inside.Continue();
        await call;

        using var connection = AuditTable.Open(copy);
        var entries = AuditTable.ReadAll(connection).ToList();
        Assert.Equal("DeleteBlock", entries[^1].Action);
        Assert.Null(AuditVerification.Of(entries).Fault);
    }

    [Fact]
    public async Task Change_that_cannot_be_written_down_is_refused_and_not_made()
    {
        var made = 0;
        _calls.OnChange = _ => Task.FromResult(made++);
        var app = await StartAsync();
        FillUp(app);

        var error = await Assert.ThrowsAsync<RpcException>(async () => await Rules(PeerKind.Operator).DeleteBlockAsync(
            new DeleteBlockRequest { BlockId = "b1" }, new Metadata { { "appliance-reason", new string('x', 1000) } }));

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Equal("AUDIT_NOT_WRITABLE", error.Reason());
        Assert.Equal(0, made);
    }

    [Fact]
    public async Task Change_that_the_service_refuses_gets_a_second_entry_that_says_so()
    {
        _calls.OnChange = _ => throw new NotFoundException("block", "b1");
        await StartAsync();

        await Assert.ThrowsAsync<RpcException>(async () => await Rules(PeerKind.Operator).DeleteBlockAsync(new DeleteBlockRequest { BlockId = "b1" }));

        var entries = Entries();
        Assert.True(entries[^2].Allowed);
        Assert.Equal(("DeleteBlock", "block_id=b1", false), (entries[^1].Action, entries[^1].Subject, entries[^1].Allowed));
        Assert.StartsWith("NOT_FOUND: ", entries[^1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unexpected_error_is_entered_without_its_text()
    {
        _calls.OnChange = _ => throw new InvalidOperationException("inner matters");
        await StartAsync();

        await Assert.ThrowsAsync<RpcException>(async () => await Rules(PeerKind.Operator).DeleteBlockAsync(new DeleteBlockRequest { BlockId = "b1" }));

        Assert.Equal("INTERNAL: internal error", Entries()[^1].Reason);
    }

    [Fact]
    public async Task Upload_is_named_by_its_first_message_before_the_service_reads_it()
    {
        await StartAsync(Role.Detector);
        using var call = new InferenceService.InferenceServiceClient(_site.Channel(Role.Detector, _site.Person(PeerKind.Admin))).UploadModel();

        await call.RequestStream.WriteAsync(new UploadModelRequest { Header = new Model { Id = "m1" } });
        await call.RequestStream.CompleteAsync();
        await call;

        Assert.Equal("header.id=m1", _calls.SubjectSeen);
    }

    [Fact]
    public async Task Upload_that_is_never_read_is_entered_before_its_answer()
    {
        _calls.ReadsUpload = false;
        await StartAsync(Role.Detector);
        using var call = new InferenceService.InferenceServiceClient(_site.Channel(Role.Detector, _site.Person(PeerKind.Admin))).UploadModel();

        await call;

        Assert.Equal("UploadModel", EntriesOf(Role.Detector)[^1].Action);
    }

    [Fact]
    public async Task Gate_refusals_of_changes_enter_but_not_without_end_and_refused_reading_does_not()
    {
        var app = await StartAsync();
        var before = Entries().Count;

        for (var number = 0; number < RefusalBudget.PerCaller + 5; number++)
        {
            await Assert.ThrowsAsync<RpcException>(async () => await Rules(PeerKind.Reader).DeleteBlockAsync(new DeleteBlockRequest { BlockId = "b1" }));
            await Assert.ThrowsAsync<RpcException>(async () => await Rules(PeerKind.Subscriber).ListBlocksAsync(new ListBlocksRequest()));
        }

        var entries = Entries();
        Assert.Equal(before + RefusalBudget.PerCaller, entries.Count);
        Assert.Equal(("spiffe://home/reader/alice", "DeleteBlock", false), (entries[^1].Actor, entries[^1].Action, entries[^1].Allowed));
        Assert.StartsWith("PERMISSION_DENIED: ", entries[^1].Reason, StringComparison.Ordinal);
        Assert.Equal(EventSeverity.Warning, app.Services.GetRequiredService<EventLog>().After("", 0).Events[^1].Severity);
    }

    [Fact]
    public async Task Text_of_a_caller_cannot_forge_a_line()
    {
        await StartAsync();

        await Rules(PeerKind.Admin).CreateProtectedAddressAsync(new CreateProtectedAddressRequest { Network = "a\nb", Reason = "x\u202Ey" + new string('z', 5000) });

        var entry = Entries()[^1];
        Assert.Equal("network=a?b", entry.Subject);
        Assert.StartsWith("x?yz", entry.Reason, StringComparison.Ordinal);
        Assert.Equal(1024, entry.Reason.Length);
    }

    [Fact]
    public async Task Start_and_orderly_stop_are_entries_and_a_later_watcher_gets_those_of_earlier_runs()
    {
        var first = await StartAsync();
        await first.StopAsync(TestContext.Current.CancellationToken);

        var second = await StartAsync();

        var told = second.Services.GetRequiredService<EventLog>().After("", 0).Events.Select(one => (one.Audit!.Actor, one.Audit.Action));
        Assert.Equal(new[] { "StartRole", "StopRole", "StartRole" }.Select(action => ("spiffe://home/node/node1/router", action)), told);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private static (string Actor, string Action, string Subject, string Reason, bool Allowed) What(AuditEntry entry) =>
        (entry.Actor, entry.Action, entry.Subject, entry.Reason, entry.Allowed);

    // At this bound SQLite answers SQLITE_FULL as it does when the disk has no room; the last page is filled first.
    private static void FillUp(WebApplication app)
    {
        using var command = app.Services.GetRequiredService<AuditFile>().Connection!.CreateCommand();
        command.CommandText = "PRAGMA max_page_count = 1";
        command.ExecuteNonQuery();
        var audit = app.Services.GetRequiredService<AuditLog>();
        while (audit.TryEnter(new AuditRecord("test", "Fill", "", new string('x', 900))))
        {
        }
    }

    private RuleService.RuleServiceClient Rules(PeerKind kind) => new(_site.Channel(Role.Router, _site.Person(kind)));

    private string CopyOfTheMedium()
    {
        var copy = Path.Combine(_site.State, "copy.db");
        File.Copy(FilePath, copy);
        File.Copy(FilePath + "-wal", copy + "-wal");
        return copy;
    }

    private List<AuditEntry> Entries() => EntriesOf(Role.Router);

    private List<AuditEntry> EntriesOf(Role role)
    {
        using var connection = AuditTable.OpenToRead(Path.Combine(_site.State, role.Word(), AuditFile.FileName));
        return [.. AuditTable.ReadAll(connection)];
    }

    private Task<WebApplication> StartAsync(Role role = Role.Router) => _site.StartAsync(
        role,
        builder => builder.Services.AddSingleton(_calls),
        app =>
        {
            app.MapRoleService<ChangeRules>();
            app.MapRoleService<ChangeModels>();
        });
}
