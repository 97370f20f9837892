using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Protos.Node.V1;
using Appliance.Protos.Rules.V1;
using Appliance.Router.Nftables;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Feeds;
using Appliance.Router.Tests.Nftables;
using Appliance.Tests.Shared;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using WireFeed = Appliance.Protos.Rules.V1.Feed;

namespace Appliance.Router.Tests.Rules.Feeds;

/// <summary>Feeds of RuleService over mutual TLS, as their users call it.</summary>
public sealed class FeedServiceTests : IAsyncDisposable
{
    private readonly TestSite _site = new();
    private readonly TempFolder _sources = new();

    private string Source => _sources.File("list");

    [Fact]
    public async Task A_feed_is_made_fetched_changed_and_deleted()
    {
        await File.WriteAllTextAsync(Source, "198.51.100.7\n203.0.113.0/24\nx\n", TestContext.Current.CancellationToken);
        var rules = await StartAsync();

        var made = (await rules.CreateFeedAsync(Create())).Feed;
        var active = await UntilAsync(rules, feed => feed.State == WireFeed.Types.State.Active);
        var renamed = (await rules.UpdateFeedAsync(new UpdateFeedRequest { Feed = new WireFeed { Id = made.Id, Etag = active.Etag, Name = "second" }, UpdateMask = new FieldMask { Paths = { "name" } } })).Feed;
        await rules.DeleteFeedAsync(new DeleteFeedRequest { FeedId = made.Id });

        Assert.Equal(TimeSpan.FromHours(24), made.RefreshInterval.ToTimeSpan());
        Assert.Equal((2ul, 1ul, ""), (active.EntriesCount, active.RejectedLinesCount, active.FailureReason));
        Assert.Equal(("second", active.Url, active.Format), (renamed.Name, renamed.Url, renamed.Format));
        Assert.NotEqual(active.Etag, renamed.Etag);
        Assert.Empty((await rules.ListFeedsAsync(new ListFeedsRequest())).Feeds);
    }

    [Fact]
    public async Task Feeds_are_listed_page_by_page()
    {
        var rules = await StartAsync();
        foreach (var name in new[] { "one", "two", "three" })
        {
            await rules.CreateFeedAsync(Create(name));
        }

        var first = await rules.ListFeedsAsync(new ListFeedsRequest { PageSize = 2 });
        var second = await rules.ListFeedsAsync(new ListFeedsRequest { PageSize = 2, PageToken = first.NextPageToken });

        Assert.Equal(["one", "two", "three"], first.Feeds.Concat(second.Feeds).Select(feed => feed.Name));
        Assert.Equal("", second.NextPageToken);
    }

    [Fact]
    public async Task A_feed_that_fails_is_stale_says_why_and_is_an_event()
    {
        var rules = await StartAsync();

        await rules.CreateFeedAsync(Create());
        var stale = await UntilAsync(rules, feed => feed.State == WireFeed.Types.State.Stale);

        Assert.Contains("Could not find file", stale.FailureReason);
        Assert.Null(stale.FetchTime);
        Assert.StartsWith($"Feed 'list' ({stale.Id}) is stale. Could not find file", await FirstWarningAsync());
    }

    [Fact]
    public async Task Each_refusal_has_its_status()
    {
        var rules = await StartAsync(("Router:Feeds:MaxFeeds", "1"));
        var made = (await rules.CreateFeedAsync(Create())).Feed;
        (StatusCode Status, Func<Task> Call)[] refused =
        [
            (StatusCode.InvalidArgument, () => rules.CreateFeedAsync(new CreateFeedRequest()).ResponseAsync),
            (StatusCode.InvalidArgument, () => rules.CreateFeedAsync(new CreateFeedRequest { Feed = new WireFeed { Name = "x", Url = "http://lists.example/", Format = WireFeed.Types.Format.Plain } }).ResponseAsync),
            (StatusCode.InvalidArgument, () => rules.UpdateFeedAsync(new UpdateFeedRequest { Feed = made, UpdateMask = new FieldMask { Paths = { "state" } } }).ResponseAsync),
            (StatusCode.InvalidArgument, () => rules.UpdateFeedAsync(new UpdateFeedRequest { Feed = new WireFeed { Id = made.Id, RefreshInterval = new Duration { Seconds = long.MaxValue } }, UpdateMask = new FieldMask { Paths = { "refresh_interval" } } }).ResponseAsync),
            (StatusCode.Aborted, () => rules.UpdateFeedAsync(new UpdateFeedRequest { Feed = new WireFeed(made) { Etag = "99" } }).ResponseAsync),
            (StatusCode.NotFound, () => rules.UpdateFeedAsync(new UpdateFeedRequest { Feed = new WireFeed(made) { Id = "absent" } }).ResponseAsync),
            (StatusCode.NotFound, () => rules.DeleteFeedAsync(new DeleteFeedRequest { FeedId = "absent" }).ResponseAsync),
            (StatusCode.FailedPrecondition, () => rules.CreateFeedAsync(Create()).ResponseAsync),
            (StatusCode.ResourceExhausted, () => rules.CreateFeedAsync(Create("second")).ResponseAsync),
        ];

        foreach (var (status, call) in refused)
        {
            Assert.Equal(status, (await Assert.ThrowsAsync<RpcException>(call)).StatusCode);
        }
    }

    [Fact]
    public async Task Metrics_tell_of_each_feed_by_its_id()
    {
        await File.WriteAllTextAsync(Source, "198.51.100.7\nx\n", TestContext.Current.CancellationToken);
        var (rules, app) = await StartBothAsync();
        var made = (await rules.CreateFeedAsync(Create())).Feed;
        await UntilAsync(rules, feed => feed.State == WireFeed.Types.State.Active);
        using var http = new HttpClient();

        var text = await http.GetStringAsync(new Uri(TestSite.MetricsAddress(app), "/metrics"), TestContext.Current.CancellationToken);

        Assert.Matches($@"appliance_router_feed_entries\{{[^}}]*feed=""{made.Id}""[^}}]*\}} 1\n", text);
        Assert.Matches($@"appliance_router_feed_rejected_lines\{{[^}}]*feed=""{made.Id}""[^}}]*\}} 1\n", text);
        Assert.Matches($@"appliance_router_feed_age_seconds\{{[^}}]*feed=""{made.Id}""[^}}]*\}} [0-9]", text);
        Assert.Matches($@"appliance_router_feed_dropped_packets_total\{{[^}}]*feed=""{made.Id}""[^}}]*\}} 0\n", text);
    }

    [Fact]
    public async Task An_entry_is_dropped_by_the_kernel_until_the_feed_is_deleted_or_the_address_protected()
    {
        using var lab = new Lab();
        const string Offender = "203.0.113.9";
        lab.Server.Ip("address", "add", $"{Offender}/32", "dev", "eth0");
        lab.Gateway.Ip("route", "add", $"{Offender}/32", "via", Lab.ServerAddress);
        await File.WriteAllTextAsync(Source, "203.0.113.0/24\n", TestContext.Current.CancellationToken);
        var rules = await StartAsync(("Router:Firewall:Enforce", "kernel"), ("Router:Firewall:Namespace", lab.Gateway.Name));
        var before = lab.Reaches(Lab.ClientAddress, Offender);

        var made = (await rules.CreateFeedAsync(Create())).Feed;
        await UntilAsync(rules, feed => feed.State == WireFeed.Types.State.Active);
        var during = lab.Reaches(Lab.ClientAddress, Offender);
        var dropped = (await rules.ListFeedsAsync(new ListFeedsRequest())).Feeds.Single().PacketsCount;
        var shield = (await rules.CreateProtectedAddressAsync(new CreateProtectedAddressRequest { Network = Offender })).ProtectedAddress;
        var isShielded = lab.Reaches(Lab.ClientAddress, Offender);
        await rules.DeleteProtectedAddressAsync(new DeleteProtectedAddressRequest { ProtectedAddressId = shield.Id });
        var isOpen = lab.Reaches(Lab.ClientAddress, Offender);
        await rules.DeleteFeedAsync(new DeleteFeedRequest { FeedId = made.Id });

        Assert.Equal((true, false, 1ul, true, false), (before, during, dropped, isShielded, isOpen));
        Assert.True(lab.Reaches(Lab.ClientAddress, Offender));
    }

    [Fact]
    public async Task What_somebody_takes_out_of_a_feed_in_the_kernel_is_put_back_and_told()
    {
        TestNamespace.SkipUnlessPossible();
        using var place = new TestNamespace();
        await File.WriteAllTextAsync(Source, "203.0.113.7\n203.0.113.8\n", TestContext.Current.CancellationToken);
        var rules = await StartAsync(("Router:Firewall:Enforce", "kernel"), ("Router:Firewall:Namespace", place.Name));
        await rules.CreateFeedAsync(Create());
        await UntilAsync(rules, feed => feed.State == WireFeed.Types.State.Active);
        var set = place.Nft("list", "table", "inet", "appliance_feeds").Split('\n').First(line => line.TrimStart().StartsWith("set ", StringComparison.Ordinal) && line.Contains("hosts4", StringComparison.Ordinal)).Trim().Split(' ')[1];

        place.Nft("delete", "element", "inet", "appliance_feeds", set, "{ 203.0.113.8 }");
        var told = await FirstWarningAsync();

        Assert.Matches(@"^What the kernel holds of feeds was changed by nft \(process [0-9]+\); it has been put right\.$", told);
        Assert.Contains("203.0.113.8", place.Nft("list", "table", "inet", "appliance_feeds"));
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        _sources.Dispose();
    }

    private static async Task<WireFeed> UntilAsync(RuleService.RuleServiceClient rules, Predicate<WireFeed> isSo)
    {
        using var guard = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        while (true)
        {
            guard.Token.ThrowIfCancellationRequested();
            if ((await rules.ListFeedsAsync(new ListFeedsRequest())).Feeds.FirstOrDefault(feed => isSo(feed)) is { } found)
            {
                return found;
            }
        }
    }

    private async Task<string> FirstWarningAsync()
    {
        var node = new NodeService.NodeServiceClient(_site.Channel(Role.Router, _site.Person(PeerKind.Admin)));
        using var watch = node.WatchEvents(new WatchEventsRequest(), cancellationToken: TestContext.Current.CancellationToken);
        while (await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
            if (watch.ResponseStream.Current.Event is { Severity: Event.Types.Severity.Warning } told && told.Part == FeedNews.Part)
            {
                return told.Text;
            }
        }

        throw new InvalidOperationException("The events ended.");
    }

    private CreateFeedRequest Create(string name = "list") => new() { Feed = new WireFeed { Name = name, Url = "file://" + Source, Format = WireFeed.Types.Format.Plain } };

    private async Task<RuleService.RuleServiceClient> StartAsync(params (string Key, string? Value)[] settings) => (await StartBothAsync(settings)).Rules;

    private async Task<(RuleService.RuleServiceClient Rules, WebApplication App)> StartBothAsync(params (string Key, string? Value)[] settings)
    {
        var app = await _site.StartAsync(
            Role.Router,
            builder => builder.Services.AddRules().AddNftables(),
            app => app.MapRoleService<RuleGrpcService>(),
            [("Router:Firewall:Enforce", "rendered"), ("Router:Feeds:FileFolder", _sources.Path), .. settings]);
        return (new RuleService.RuleServiceClient(_site.Channel(Role.Router, _site.Person(PeerKind.Admin))), app);
    }
}
