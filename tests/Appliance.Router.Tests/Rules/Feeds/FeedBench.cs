using Appliance.Router.Rules.Feeds;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Router.Tests.Rules.Feeds;

/// <summary>Feeds on real files, with a test's firewall and clock; can be closed and opened again as after a crash.</summary>
internal sealed class FeedBench : IDisposable
{
    private FeedStore? _store;

    private FeedBench(RuleBench rules, FeedOptions options)
    {
        Rules = rules;
        Options = options;
        Options.FileFolder = Sources;
        Directory.CreateDirectory(Sources);
    }

    public RuleBench Rules { get; }

    public FeedOptions Options { get; }

    public FakeTimeProvider Clock => Rules.Clock;

    public RecordingFeeds Firewall { get; } = new();

    public FeedStore Store => _store!;

    /// <summary>Where feeds by file:// are read from.</summary>
    public string Sources => Path.Combine(Rules.Paths.State, "sources");

    public string KeptFile(string feedId) => Path.Combine(Rules.Paths.State, "feeds", feedId + ".feed");

    public static async Task<FeedBench> OpenAsync(FeedOptions? options = null)
    {
        var bench = new FeedBench(await RuleBench.OpenAsync(), options ?? new FeedOptions());
        bench.Open();
        return bench;
    }

    /// <summary>Forgets all that is in memory, and the kernel with it.</summary>
    public async Task ReopenAsync()
    {
        _store?.Dispose();
        Firewall.Lose();
        await Rules.ReopenAsync();
        Open();
    }

    public Task<Feed> CreateAsync(string name = "list", bool isMatchOnly = false) => Store.CreateAsync(Edit(name) with { IsMatchOnly = isMatchOnly }, "alice", "", CancellationToken.None);

    /// <summary>Takes a plain list as if it had come from the feed's source.</summary>
    public async Task<Feed> TakeAsync(Feed feed, string text, string entityTag = "\"v1\"")
    {
        var outcome = FetchOutcome.Read(FeedText.Read(feed.Format, text, Options), new FeedValidators(entityTag, ""));
        return (await Store.TakeAsync(feed, outcome, CancellationToken.None))!;
    }

    public Feed Find(string id) => Store.All.Single(feed => feed.Id == id);

    public static FeedEdit Edit(string name) => new("", "") { Name = name, Url = "https://lists.example/" + name, Format = FeedFormat.Plain };

    public FeedFetcher OpenFetcher() => new(FeedFetcher.CreateClient(), Microsoft.Extensions.Options.Options.Create(Options), Clock);

    public void Dispose()
    {
        _store?.Dispose();
        Rules.Dispose();
    }

    private void Open()
    {
        var files = new FeedFiles(Rules.Paths, NullLogger<FeedFiles>.Instance);
        var enforcer = new FeedEnforcer(Firewall, Rules.Protected, Rules.Store, Rules.Enforcer.Intent, files);
        _store = new FeedStore(new FeedRecords(Rules.Database), files, enforcer, new FeedAdmission(Microsoft.Extensions.Options.Options.Create(Options)), Clock);
        _store.Load();
    }
}
