using Appliance.Hosting.Errors;
using Appliance.Hosting.Tests.Probe;
using Appliance.Tests.Shared;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Appliance.Hosting.Tests.Errors;

public sealed class ErrorInterceptorTests
{
    private static readonly MethodType[] Kinds = [MethodType.Unary, MethodType.ClientStreaming, MethodType.ServerStreaming, MethodType.DuplexStreaming];

    public static TheoryData<MethodType, string, StatusCode, string, string> Cases
    {
        get
        {
            var cases = new TheoryData<MethodType, string, StatusCode, string, string>();
            foreach (var kind in Kinds)
            {
                cases.Add(kind, nameof(NotFoundException), StatusCode.NotFound, "ALERT_NOT_FOUND", "No alert has the id '7'.");
                cases.Add(kind, nameof(InvalidInputException), StatusCode.InvalidArgument, "INVALID_INPUT", "page_size: is -1, it takes 0 to 1000.");
                cases.Add(kind, nameof(BusyException), StatusCode.FailedPrecondition, "FLASH_RUNNING", "Slot 3 is being flashed; wait for it or cancel it.");
                cases.Add(kind, nameof(StaleEtagException), StatusCode.Aborted, "STALE_ETAG", "Rule 4 has changed since it was read; read it again.");
                cases.Add(kind, nameof(LimitExceededException), StatusCode.ResourceExhausted, "TOO_MANY_BLOCKS", "60 blocks a minute are made, 60 are allowed.");
                cases.Add(kind, nameof(UnreachableException), StatusCode.Unavailable, "UNREACHABLE", "The board at 192.0.2.9 does not answer.");
                cases.Add(kind, nameof(UnsupportedException), StatusCode.Unimplemented, "QUARANTINE", "This build cannot quarantine.");
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Error_becomes_its_status_with_reason_and_domain(MethodType kind, string error, StatusCode code, string reason, string text)
    {
        await using var server = await PlainServer.StartAsync(_ => throw Create(error));

        var seen = await CatchAsync(server, kind);

        Assert.Equal(code, seen.StatusCode);
        Assert.Equal(text, seen.Status.Detail);
        Assert.Equal(("appliance", reason), (seen.Info()?.Domain, seen.Info()?.Reason));
        Assert.Empty(server.Records.All);
    }

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task Unexpected_error_is_logged_once_and_its_text_withheld(MethodType kind)
    {
        await using var server = await PlainServer.StartAsync(_ => throw new InvalidDataException("secret of the inside"));

        var seen = await CatchAsync(server, kind);

        Assert.Equal(StatusCode.Internal, seen.StatusCode);
        Assert.Equal("INTERNAL", seen.Reason());
        Assert.DoesNotContain("secret", seen.ToString(), StringComparison.Ordinal);
        var record = Assert.Single(server.Records.All);
        Assert.Equal(LogLevel.Error, record.Level);
        Assert.IsType<InvalidDataException>(record.Error);
    }

    [Fact]
    public async Task Every_faulty_field_is_told()
    {
        await using var server = await PlainServer.StartAsync(_ => throw new InvalidInputException(
            [new FieldFault("address", "is empty"), new FieldFault("duration", "is 0 s, it takes 1 s to 7 days")]));

        var seen = await CatchAsync(server, MethodType.Unary);

        var fields = seen.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations;
        Assert.Equal([("address", "is empty"), ("duration", "is 0 s, it takes 1 s to 7 days")], fields.Select(field => (field.Field, field.Description)));
    }

    [Fact]
    public async Task What_was_not_found_is_told_as_values_too()
    {
        await using var server = await PlainServer.StartAsync(_ => throw new NotFoundException("recovery policy", "slot-2"));

        var seen = await CatchAsync(server, MethodType.Unary);

        Assert.Equal("RECOVERY_POLICY_NOT_FOUND", seen.Reason());
        Assert.Equal("slot-2", seen.Info()!.Metadata["id"]);
    }

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task Call_that_its_client_has_left_is_no_fault(MethodType kind)
    {
        var running = new SyncPoint();
        var ended = new SyncPoint();
        await using var server = await PlainServer.StartAsync(async context =>
        {
            running.Reach();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
            }
            finally
            {
                ended.Reach();
            }
        });
        using var leaving = new CancellationTokenSource();
        var call = ProbeMethods.CallAsync(server.Invoker, kind, leaving.Token);
        await running.WaitAsync();

        await leaving.CancelAsync();

        var seen = await Assert.ThrowsAnyAsync<Exception>(() => call);
        await ended.WaitAsync();
        Assert.True(seen is RpcException { StatusCode: StatusCode.Cancelled } or OperationCanceledException, seen.ToString());
        await server.StopAsync();
        Assert.Empty(server.Records.All);
    }

    private static Task<RpcException> CatchAsync(PlainServer server, MethodType kind) =>
        Assert.ThrowsAsync<RpcException>(() => ProbeMethods.CallAsync(server.Invoker, kind, TestContext.Current.CancellationToken));

    private static ApplianceException Create(string name) => name switch
    {
        nameof(NotFoundException) => new NotFoundException("alert", "7"),
        nameof(InvalidInputException) => new InvalidInputException("page_size", "is -1, it takes 0 to 1000"),
        nameof(BusyException) => new BusyException("FLASH_RUNNING", "Slot 3 is being flashed; wait for it or cancel it."),
        nameof(StaleEtagException) => new StaleEtagException("Rule 4 has changed since it was read; read it again."),
        nameof(LimitExceededException) => new LimitExceededException("TOO_MANY_BLOCKS", "60 blocks a minute are made, 60 are allowed."),
        nameof(UnsupportedException) => new UnsupportedException("QUARANTINE", "This build cannot quarantine."),
        nameof(UnreachableException) => new UnreachableException("The board at 192.0.2.9 does not answer."),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such error."),
    };
}
