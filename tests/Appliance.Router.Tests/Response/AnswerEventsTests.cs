using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Protos.Node.V1;
using Appliance.Protos.Rules.V1;
using Appliance.Router.Nftables;
using Appliance.Router.Response;
using Appliance.Router.Rules;
using Appliance.Tests.Shared;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using static Appliance.Router.Tests.Response.Facts;
using WireBlock = Appliance.Protos.Rules.V1.Block;

namespace Appliance.Router.Tests.Response;

/// <summary>What WatchEvents tells of automatic answers.</summary>
[Trait("Category", "Slow")]
public sealed class AnswerEventsTests : IAsyncDisposable
{
    private readonly TestSite _site = new();
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task An_answer_is_told_with_the_way_to_undo_it_and_so_is_its_end()
    {
        var router = await StartAsync(ResponseOptions.Enforce);
        using var watch = Watch();

        await AnswerAsync(router, Scan());
        var told = await NextAsync(watch);
        var block = Assert.Single(router.Services.GetRequiredService<BlockStore>().All);
        await Rules().DeleteBlockAsync(new DeleteBlockRequest { BlockId = block.Id });
        var undone = await NextAsync(watch);

        Assert.StartsWith($"Alert alert-1 (scan) is answered: block {block.Id} drops all from 203.0.113.7 for 01:00:00, until ", told, StringComparison.Ordinal);
        Assert.EndsWith($"'appliance blocks remove {block.Id}'.", told, StringComparison.Ordinal);
        Assert.DoesNotContain("dry run", told, StringComparison.Ordinal);
        Assert.StartsWith($"The answer to alert alert-1 is undone: block {block.Id} of 203.0.113.7 was lifted.", undone, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_spared_is_told_once_an_alert()
    {
        var router = await StartAsync(ResponseOptions.Enforce, ("Router:Response:AllowNetworks:0", "203.0.113.0/24"), ("Router:Blocks:ProtectedNetworks:0", "198.51.100.9"));
        using var watch = Watch();

        await AnswerAsync(router, Scan(), Scan() with { Severity = AlertSeverity.High }, Scan("198.51.100.9", "alert-2"));

        Assert.Equal("Alert alert-1 (scan) is not answered: 203.0.113.7 is in 203.0.113.0/24, which Router:Response:AllowNetworks spares.", await NextAsync(watch));
        Assert.Equal("Alert alert-2 (scan) is not answered: 198.51.100.9 is protected.", await NextAsync(watch));
    }

    [Fact]
    public async Task The_trial_its_answers_and_its_end_are_told()
    {
        var router = await StartAsync(ResponseOptions.Trial);
        using var watch = Watch();
        var begun = await NextAsync(watch);

        await AnswerAsync(router, Scan());
        var tried = await NextAsync(watch);
        var block = Assert.Single((await Rules().ListBlocksAsync(new ListBlocksRequest())).Blocks);
        _clock.Advance(TimeSpan.FromDays(1));
        var over = await NextAsync(watch);

        Assert.StartsWith("Automatic answers are tried out until ", begun, StringComparison.Ordinal);
        Assert.Contains("It is a dry run: nothing is enforced.", tried, StringComparison.Ordinal);
        Assert.Equal(WireBlock.Types.Enforcement.Rendered, block.Enforcement);
        Assert.StartsWith("The trial of automatic answers is over: from now on they are enforced.", over, StringComparison.Ordinal);
        Assert.EndsWith(" over\n", await File.ReadAllTextAsync(Path.Combine(_site.State, "router", ResponseTrial.FileName), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_zone_of_the_allow_list_that_is_none_is_told_at_the_start()
    {
        await StartAsync(ResponseOptions.Enforce, ("Router:Response:AllowZones:0", "lna"));
        using var watch = Watch();

        Assert.Contains("AllowZones names 'lna', which is no zone", await NextAsync(watch), StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private static async Task AnswerAsync(WebApplication router, params AlertFacts[] alerts)
    {
        foreach (var alert in alerts)
        {
            await router.Services.GetRequiredService<AlertResponder>().AnswerAsync(alert, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<string> NextAsync(AsyncServerStreamingCall<WatchEventsResponse> watch)
    {
        while (await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
            if (watch.ResponseStream.Current.Event is { Part: AnswerEvents.Part } told)
            {
                return told.Text;
            }
        }

        throw new InvalidOperationException("The watch ended.");
    }

    private AsyncServerStreamingCall<WatchEventsResponse> Watch() =>
        new NodeService.NodeServiceClient(_site.Channel(Role.Router, _site.Person(PeerKind.Reader))).WatchEvents(new WatchEventsRequest());

    private RuleService.RuleServiceClient Rules() => new(_site.Channel(Role.Router, _site.Person(PeerKind.Operator)));

    private Task<WebApplication> StartAsync(string mode, params (string Key, string? Value)[] settings) => _site.StartAsync(
        Role.Router,
        builder =>
        {
            builder.Services.AddRules().AddNftables().AddResponse();
            builder.Services.AddSingleton<TimeProvider>(_clock);
        },
        app => app.MapRoleService<RuleGrpcService>(),
        [("Router:Firewall:Enforce", "rendered"), ("Router:Response:Mode", mode), .. settings]);
}
