using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Protos.Node.V1;
using Appliance.Router.Response;
using Appliance.Router.Rules;
using Appliance.Tests.Shared;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using static Appliance.Router.Tests.Response.Facts;

namespace Appliance.Router.Tests.Response;

[Trait("Category", "Slow")]
public sealed class BlockAuditTests : IAsyncDisposable
{
    private readonly TestSite _site = new();
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task Automatic_block_and_its_expiry_are_entries_that_name_the_alert()
    {
        var router = await StartAsync();
        using var watch = Watch();

        await AnswerAsync(router);
        var created = await NextAsync(watch, "CreateBlock");
        _clock.Advance(TimeSpan.FromHours(2));
        await router.Services.GetRequiredService<BlockStore>().ExpireAsync(TestContext.Current.CancellationToken);
        var expired = await NextAsync(watch, "ExpireBlock");

        Assert.Equal("spiffe://home/node/node1/router", created.Actor);
        Assert.Contains("target=203.0.113.7", created.Subject, StringComparison.Ordinal);
        Assert.Contains("alert alert-1", created.Reason, StringComparison.Ordinal);
        Assert.True(created.Allowed);
        Assert.Equal(created.Subject, expired.Subject);
    }

    [Fact]
    public async Task Block_that_an_earlier_run_left_is_not_entered_again_but_its_end_is()
    {
        var first = await StartAsync();
        await AnswerAsync(first);
        using (var watch = Watch())
        {
            await NextAsync(watch, "CreateBlock");
        }

        await first.StopAsync(TestContext.Current.CancellationToken);
        _clock.Advance(TimeSpan.FromHours(2));

        await StartAsync();
        using var again = Watch();
        await NextAsync(again, "CreateBlock");
        var next = await NextAsync(again, "ExpireBlock", "CreateBlock");

        Assert.Equal("ExpireBlock", next.Action);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private static Task AnswerAsync(WebApplication router) =>
        router.Services.GetRequiredService<AlertResponder>().AnswerAsync(Scan(), TestContext.Current.CancellationToken);

    private static async Task<Event> NextAsync(AsyncServerStreamingCall<WatchEventsResponse> watch, params string[] actions)
    {
        while (await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
            if (watch.ResponseStream.Current.Event is { } told && actions.Contains(told.Action))
            {
                return told;
            }
        }

        throw new InvalidOperationException($"The watch ended without {string.Join(" or ", actions)}.");
    }

    private AsyncServerStreamingCall<WatchEventsResponse> Watch() =>
        new NodeService.NodeServiceClient(_site.Channel(Role.Router, _site.Person(PeerKind.Reader))).WatchEvents(new WatchEventsRequest());

    private Task<WebApplication> StartAsync() => _site.StartAsync(
        Role.Router,
        builder =>
        {
            builder.AddRouter();
            builder.Services.AddSingleton<TimeProvider>(_clock);
        },
        app => app.MapRouter(),
        ("Router:Firewall:Enforce", "rendered"));
}
