using System.Diagnostics.Metrics;
using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Protos.Traffic.V1;
using Appliance.Router.Capture;
using Appliance.Router.Devices;
using Appliance.Router.Flows;
using Appliance.Router.Tests.Capture;
using Appliance.Router.Tests.Decoding;
using Appliance.Router.Traffic;
using Appliance.Tests.Shared;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;

namespace Appliance.Router.Tests.Traffic;

[Trait("Category", "Slow")]
public sealed class TrafficGrpcServiceTests : IAsyncDisposable
{
    private readonly TestSite _site = new();
    private readonly TempFolder _folder = new();

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_replay_is_told_from_its_first_event_to_its_last()
    {
        var client = await StartAsync(Connections(3));
        using var call = client.WatchFlows(new WatchFlowsRequest(), cancellationToken: TestContext.Current.CancellationToken);

        var events = await TakeAsync(call, 9);

        Assert.Equal(Enumerable.Range(1, 9).Select(number => (ulong)number), events.Select(told => told.Sequence));
        Assert.Equal(3, events.Count(told => told.Kind == Protos.Traffic.V1.FlowEvent.Types.Kind.Refused));
        var ended = events.First(told => told.Kind == Protos.Traffic.V1.FlowEvent.Types.Kind.Ended).Flow;
        Assert.Equal(Protos.Traffic.V1.Flow.Types.State.Ended, ended.State);
        Assert.Equal(Protos.Traffic.V1.Flow.Types.EndReason.Reset, ended.EndReason);
        Assert.Equal(Frames.Address("10.0.0.1"), ended.Source.ToByteArray());
        Assert.Equal(Frames.Mac(Frames.SourceMac), ended.SourceMac.ToByteArray());
        Assert.Equal((1u, 1u, 1ul, 1ul, 40ul), (ended.SourcePort, ended.DestinationPort, ended.PacketsOutCount, ended.PacketsInCount, ended.OutBytes));
        Assert.StartsWith("1:", ended.CommunityId);
    }

    [Fact]
    public async Task A_reader_goes_on_behind_its_cursor()
    {
        var client = await StartAsync(Connections(3));
        var cursor = await CursorAfterAsync(client, 9);
        cursor.Sequence = 5;
        using var call = client.WatchFlows(new WatchFlowsRequest { Cursor = cursor }, cancellationToken: TestContext.Current.CancellationToken);

        var events = await TakeAsync(call, 4);

        Assert.Equal([6ul, 7, 8, 9], events.Select(told => told.Sequence));
    }

    [Fact]
    public async Task A_cursor_of_another_epoch_starts_over_and_says_so()
    {
        var client = await StartAsync(Connections(1));
        var cursor = new Cursor { Epoch = "before", Sequence = 77 };
        using var call = client.WatchFlows(new WatchFlowsRequest { Cursor = cursor }, cancellationToken: TestContext.Current.CancellationToken);

        await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken);

        Assert.True(call.ResponseStream.Current.NewEpoch);
        Assert.NotEqual("before", call.ResponseStream.Current.Cursor.Epoch);
    }

    [Fact]
    public async Task A_cursor_of_the_future_is_refused()
    {
        var client = await StartAsync(Connections(1));
        var cursor = await CursorAfterAsync(client, 3);
        cursor.Sequence = 4;
        using var call = client.WatchFlows(new WatchFlowsRequest { Cursor = cursor }, cancellationToken: TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains("is 4, the last event has 3", error.Status.Detail);
    }

    [Fact]
    public async Task What_the_ring_no_longer_holds_is_counted()
    {
        var client = await StartAsync(Connections(1000), ("Router:Traffic:RingEvents", "1024"));
        var end = await CursorAfterAsync(client, 3000);
        using var call = client.WatchFlows(
            new WatchFlowsRequest { Cursor = new Cursor { Epoch = end.Epoch, Sequence = 10 } }, cancellationToken: TestContext.Current.CancellationToken);

        await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken);

        var batch = call.ResponseStream.Current;
        Assert.Equal(3000ul - 1023 - 10, batch.MissedCount);
        Assert.Equal(3000ul - 1022, batch.Events[0].Sequence);
    }

    [Fact]
    public async Task The_clock_is_told_without_events()
    {
        var client = await StartAsync(CaptureBytes.Classic(Frames.Ethernet(0x1234, new byte[46])));
        using var call = client.WatchFlows(new WatchFlowsRequest(), cancellationToken: TestContext.Current.CancellationToken);

        await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken);

        Assert.Empty(call.ResponseStream.Current.Events);
        Assert.Equal(1, call.ResponseStream.Current.ClockTime.Seconds);
    }

    [Fact]
    public async Task Totals_are_told_once_a_second()
    {
        var client = await StartAsync(Connections(3));
        await CursorAfterAsync(client, 9);
        using var call = client.WatchTraffic(new WatchTrafficRequest(), cancellationToken: TestContext.Current.CancellationToken);

        TrafficSummary summary;
        do
        {
            await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken);
            summary = call.ResponseStream.Current.Summary;
        }
        while (summary.PacketsCount == 0);

        Assert.Equal((6ul, 324ul, 3ul, 0ul), (summary.PacketsCount, summary.TotalBytes, summary.FlowsCount, summary.ActiveFlowsCount));
        var asked = await client.GetTrafficSummaryAsync(new GetTrafficSummaryRequest(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(6ul, asked.Summary.PacketsCount);
    }

    [Theory]
    [InlineData(-1, "", "page_size")]
    [InlineData(1001, "", "page_size")]
    [InlineData(1, "x", "page_token")]
    public async Task A_list_of_impossible_size_or_place_is_refused(int size, string token, string field)
    {
        var client = await StartAsync(Connections(1));

        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await client.ListFlowsAsync(new ListFlowsRequest { PageSize = size, PageToken = token }, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains(field, error.Status.Detail);
    }

    [Fact]
    public async Task Flows_in_the_table_are_listed_page_by_page()
    {
        // The second packet is due in an hour, so the replay goes on and the flows stay in the table.
        var first = Enumerable.Range(1, 5).Select(port => CaptureBytes.Record(Frames.IPv4Frame("10.0.0.1", "10.0.0.2", 17, Frames.Udp(port, 53, [1])), seconds: 10));
        byte[] capture = [.. CaptureBytes.ClassicHeader(), .. first.SelectMany(record => record), .. CaptureBytes.Record(new byte[60], seconds: 3610)];
        var client = await StartAsync(capture, ("Router:Capture:Speed", "1"));
        await CursorAfterAsync(client, 5);
        var token = TestContext.Current.CancellationToken;

        var newest = await client.ListFlowsAsync(new ListFlowsRequest { PageSize = 3 }, cancellationToken: token);
        var rest = await client.ListFlowsAsync(new ListFlowsRequest { PageSize = 3, PageToken = newest.NextPageToken }, cancellationToken: token);

        Assert.Equal([5u, 4, 3, 2, 1], newest.Flows.Concat(rest.Flows).Select(flow => flow.SourcePort));
        Assert.Equal("", rest.NextPageToken);
    }

    [Fact]
    public async Task A_reader_that_takes_nothing_is_cut_off()
    {
        var cutOff = new SyncPoint();
        using var listener = new MeterListener { InstrumentPublished = (instrument, metrics) => Enable(instrument, metrics) };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => cutOff.Reach());
        listener.Start();
        var client = await StartAsync(Connections(40_000), ("Router:Traffic:ReaderPatience", "00:00:01"));
        using var call = client.WatchFlows(new WatchFlowsRequest(), cancellationToken: TestContext.Current.CancellationToken);
        await call.ResponseHeadersAsync;

        await cutOff.WaitAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => TakeAsync(call, int.MaxValue));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);

        static void Enable(Instrument instrument, MeterListener metrics)
        {
            if (instrument.Name == "appliance.router.cut_off_readers")
            {
                metrics.EnableMeasurementEvents(instrument);
            }
        }
    }

    // A refused connection each: three events.
    private static byte[] Connections(int count) => CaptureBytes.Classic([.. Enumerable.Range(1, count).SelectMany(port => new[]
    {
        Frames.IPv4Frame("10.0.0.1", "10.0.0.2", 6, Frames.Tcp(port, 1, 0x02)),
        Frames.IPv4Frame("10.0.0.2", "10.0.0.1", 6, Frames.Tcp(1, port, 0x14)),
    })]);

    private static async Task<List<Protos.Traffic.V1.FlowEvent>> TakeAsync(AsyncServerStreamingCall<WatchFlowsResponse> call, int count)
    {
        var events = new List<Protos.Traffic.V1.FlowEvent>();
        while (events.Count < count && await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
            events.AddRange(call.ResponseStream.Current.Events);
        }

        return events;
    }

    private static async Task<Cursor> CursorAfterAsync(TrafficService.TrafficServiceClient client, ulong sequence)
    {
        using var call = client.WatchFlows(new WatchFlowsRequest(), cancellationToken: TestContext.Current.CancellationToken);
        while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
            if (call.ResponseStream.Current.Cursor.Sequence >= sequence)
            {
                break;
            }
        }

        return call.ResponseStream.Current.Cursor;
    }

    private async Task<TrafficService.TrafficServiceClient> StartAsync(byte[] capture, params (string Key, string? Value)[] settings)
    {
        var file = _folder.File("replay.pcap");
        File.WriteAllBytes(file, capture);
        await _site.StartAsync(
            Role.Router,
            builder => builder.Services.AddCapture().AddFlows().AddDevices().AddTraffic(),
            app => app.MapRoleService<TrafficGrpcService>(),
            [("Router:Capture:File", file), ("Router:Capture:Speed", "0"), ("Router:Capture:ShiftToNow", "false"), .. settings]);
        return new TrafficService.TrafficServiceClient(_site.Channel(Role.Router, _site.Person(PeerKind.Reader)));
    }
}
