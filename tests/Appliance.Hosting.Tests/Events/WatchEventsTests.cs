using Appliance.Hosting.Events;
using Appliance.Hosting.Identity;
using Appliance.Protos.Node.V1;
using Appliance.Tests.Shared;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using static Appliance.Protos.Node.V1.Event.Types;

namespace Appliance.Hosting.Tests.Events;

public sealed class WatchEventsTests : IAsyncDisposable
{
    private readonly TestSite _site = new();

    [Fact]
    public async Task Watch_sends_what_is_held_a_marker_and_then_what_is_told()
    {
        var events = await StartAsync();
        events.Tell(EventSeverity.Warning, "firewall", "The kernel refused a set.");
        using var watch = Watch(new WatchEventsRequest());

        var held = await UntilMarkerAsync(watch);
        events.Tell(EventSeverity.Error, "capture", "The interface is gone.");
        var live = (await NextAsync(watch)).Event;

        Assert.Contains(held, one => one is { Part: "firewall", Severity: Severity.Warning, Text: "The kernel refused a set." });
        Assert.Equal(("capture", Severity.Error, held[^1].Sequence + 1), (live.Part, live.Severity, live.Sequence));
    }

    [Fact]
    public async Task Cursor_of_this_epoch_resumes_behind_it_and_one_of_another_at_the_oldest()
    {
        var events = await StartAsync();
        events.Tell(EventSeverity.Info, "test", "first");
        events.Tell(EventSeverity.Info, "test", "second");
        using var whole = Watch(new WatchEventsRequest { Epoch = "another", AfterSequence = 99 });
        var all = await UntilMarkerAsync(whole);

        using var rest = Watch(new WatchEventsRequest { Epoch = events.Epoch, AfterSequence = all[^2].Sequence });
        var resumed = await UntilMarkerAsync(rest);

        Assert.Equal(["first", "second"], all.Where(one => one.Part == "test").Select(one => one.Text));
        Assert.Equal("second", Assert.Single(resumed).Text);
    }

    [Fact]
    public async Task Reader_that_comes_too_late_sees_a_gap_in_the_sequence()
    {
        var events = await StartAsync();
        foreach (var number in Enumerable.Range(1, EventLog.Capacity + 10))
        {
            events.Tell(EventSeverity.Info, "test", $"{number}");
        }

        using var watch = Watch(new WatchEventsRequest { Epoch = events.Epoch, AfterSequence = 1 });
        var held = await UntilMarkerAsync(watch);

        Assert.Equal(EventLog.Capacity, held.Count);
        Assert.True(held[0].Sequence > 2);
        Assert.Equal($"{EventLog.Capacity + 10}", held[^1].Text);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private static async Task<List<Event>> UntilMarkerAsync(AsyncServerStreamingCall<WatchEventsResponse> watch)
    {
        var held = new List<Event>();
        for (var next = await NextAsync(watch); next.SnapshotEnd is null; next = await NextAsync(watch))
        {
            held.Add(next.Event);
        }

        return held;
    }

    private static async Task<WatchEventsResponse> NextAsync(AsyncServerStreamingCall<WatchEventsResponse> watch)
    {
        Assert.True(await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        return watch.ResponseStream.Current;
    }

    private AsyncServerStreamingCall<WatchEventsResponse> Watch(WatchEventsRequest request) =>
        new NodeService.NodeServiceClient(_site.Channel(Role.Bmc, _site.Node(Role.Logger))).WatchEvents(request);

    private async Task<EventLog> StartAsync()
    {
        WebApplication app = await _site.StartAsync(Role.Bmc, _ => { }, _ => { });
        return app.Services.GetRequiredService<EventLog>();
    }
}
