using System.IO.Compression;
using System.Text;
using Appliance.Router.Rules.Feeds;
using Appliance.Tests.Shared;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Router.Tests.Rules.Feeds;

/// <summary>Fetches from a real server over TLS, and from real files.</summary>
public sealed class FeedFetcherTests : IDisposable
{
    private const string List = "198.51.100.7\n203.0.113.0/24\n";

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(Samples.Start);
    private readonly FeedOptions _options;

    public FeedFetcherTests() => _options = new FeedOptions { FileFolder = _folder.Path };

    [Fact]
    public async Task What_has_not_changed_is_not_fetched_again()
    {
        await using var server = await FeedServer.StartAsync(async context =>
        {
            context.Response.Headers.ETag = "\"v1\"";
            context.Response.Headers.LastModified = "Mon, 30 Nov 2026 10:00:00 GMT";
            context.Response.StatusCode = context.Request.Headers.IfNoneMatch == "\"v1\"" ? 304 : 200;
            await (context.Response.StatusCode == 200 ? context.Response.WriteAsync(List) : Task.CompletedTask);
        });
        using var fetcher = Fetcher(server);
        var feed = FeedAt(server.Secure);

        var first = await fetcher.FetchAsync(feed, CancellationToken.None);
        var second = await fetcher.FetchAsync(feed with { Status = feed.Status with { Validators = first.Validators } }, CancellationToken.None);

        Assert.Equal(["198.51.100.7/32", "203.0.113.0/24"], FeedText.Words(first.Reading!.Addresses));
        Assert.True(second.IsUnchanged);
        Assert.Equal([("https", "", ""), ("https", "\"v1\"", "Mon, 30 Nov 2026 10:00:00 GMT")], server.Requests);
    }

    [Fact]
    public async Task Word_of_no_change_counts_only_where_something_is_known()
    {
        await using var server = await FeedServer.StartAsync(Status(304));
        using var fetcher = Fetcher(server);

        var outcome = await fetcher.FetchAsync(FeedAt(server.Secure), CancellationToken.None);

        Assert.Equal("The server answered 304.", outcome.Failure);
    }

    [Theory]
    [InlineData(204)]
    [InlineData(404)]
    [InlineData(500)]
    public async Task Refusal_of_the_server_is_told_without_the_key_in_the_URL(int status)
    {
        await using var server = await FeedServer.StartAsync(Status(status));
        using var fetcher = Fetcher(server);

        var outcome = await fetcher.FetchAsync(FeedAt(new Uri(server.Secure, "/list?key=secret")), CancellationToken.None);

        Assert.Equal($"The server answered {status}.", outcome.Failure);
    }

    [Fact]
    public async Task Web_page_is_no_list_even_when_it_is_well()
    {
        await using var server = await FeedServer.StartAsync(context =>
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            return context.Response.WriteAsync(List);
        });
        using var fetcher = Fetcher(server);

        var outcome = await fetcher.FetchAsync(FeedAt(server.Secure), CancellationToken.None);

        Assert.Equal("It is a web page, not a list.", outcome.Failure);
    }

    [Fact]
    public async Task Server_that_does_not_come_to_an_end_is_given_up()
    {
        var begun = new SyncPoint();
        await using var server = await FeedServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync("198.51.100.7\n");
            await context.Response.Body.FlushAsync();
            begun.Reach();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        using var fetcher = Fetcher(server);

        var fetching = fetcher.FetchAsync(FeedAt(server.Secure), CancellationToken.None);
        await begun.WaitAsync();
        _clock.Advance(_options.FetchTimeout);

        Assert.StartsWith("It did not come whole within 60 s", (await fetching).Failure);
    }

    [Fact]
    public async Task Feed_whose_length_is_told_and_too_long_is_not_read()
    {
        _options.MaxBytes = 1024;
        await using var server = await FeedServer.StartAsync(context =>
        {
            context.Response.ContentLength = 2000;
            return context.Response.WriteAsync(new string('#', 2000));
        });
        using var fetcher = Fetcher(server);

        var outcome = await fetcher.FetchAsync(FeedAt(server.Secure), CancellationToken.None);

        Assert.Equal("It has 2000 bytes, and Router:Feeds:MaxBytes lets a feed have 1024.", outcome.Failure);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Feed_that_grows_too_long_is_cut_however_small_it_was_packed(bool isPacked)
    {
        _options.MaxBytes = 1024;
        await using var server = await FeedServer.StartAsync(async context =>
        {
            var bytes = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("198.51.100.7\n", 10_000)));
            if (isPacked)
            {
                context.Response.Headers.ContentEncoding = "gzip";
                await using var packed = new GZipStream(context.Response.Body, CompressionLevel.Optimal);
                await packed.WriteAsync(bytes);
                return;
            }

            await context.Response.Body.WriteAsync(bytes);
        });
        using var fetcher = Fetcher(server);

        var outcome = await fetcher.FetchAsync(FeedAt(server.Secure), CancellationToken.None);

        Assert.True(outcome.Reading!.IsCut);
        Assert.InRange(outcome.Reading.Lines, 0, 1024 / 13 + 1);
    }

    [Fact]
    public async Task Redirection_is_followed_by_https_and_never_to_http()
    {
        await using var server = await FeedServer.StartAsync(context =>
        {
            if (context.Request.Path == "/list")
            {
                return context.Response.WriteAsync(List);
            }

            context.Response.Redirect(context.Request.Query["to"]!);
            return Task.CompletedTask;
        });
        using var fetcher = Fetcher(server);

        var secure = await fetcher.FetchAsync(FeedAt(new Uri(server.Secure, "/?to=/list")), CancellationToken.None);
        var plain = await fetcher.FetchAsync(FeedAt(new Uri(server.Secure, $"/?to={server.Plain}list")), CancellationToken.None);

        Assert.Equal(2, secure.Reading!.Count);
        Assert.Equal("The server answered 302.", plain.Failure);
        Assert.DoesNotContain(server.Requests, request => request.Scheme == "http");
    }

    [Fact]
    public async Task Server_without_a_trusted_certificate_is_not_believed()
    {
        await using var server = await FeedServer.StartAsync(List);
        using var fetcher = new FeedFetcher(FeedFetcher.CreateClient(), Options.Create(_options), _clock);

        var outcome = await fetcher.FetchAsync(FeedAt(server.Secure), CancellationToken.None);

        Assert.Contains("certificate", outcome.Failure);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Connection_that_breaks_gives_no_list()
    {
        await using var server = await FeedServer.StartAsync(async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync(List);
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        using var fetcher = Fetcher(server);

        var outcome = await fetcher.FetchAsync(FeedAt(server.Secure), CancellationToken.None);

        Assert.Null(outcome.Reading);
        Assert.NotNull(outcome.Failure);
    }

    [Fact]
    public async Task File_is_read_when_it_has_changed()
    {
        await File.WriteAllTextAsync(_folder.File("list"), List, TestContext.Current.CancellationToken);
        using var fetcher = Fetcher();
        var feed = FeedAt(new Uri("file://" + _folder.File("list")));

        var first = await fetcher.FetchAsync(feed, CancellationToken.None);
        feed = feed with { Status = feed.Status with { Validators = first.Validators } };
        var second = await fetcher.FetchAsync(feed, CancellationToken.None);
        await File.WriteAllTextAsync(_folder.File("list"), "198.51.100.9\n", TestContext.Current.CancellationToken);
        var third = await fetcher.FetchAsync(feed, CancellationToken.None);

        Assert.Equal((2, true, 1), (first.Reading!.Count, second.IsUnchanged, third.Reading!.Count));
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("file:///FOLDER/../../etc/passwd")]
    [InlineData("file:///FOLDER")]
    [InlineData("file://host/FOLDER/list")]
    public async Task File_outside_of_the_folder_is_not_read(string source)
    {
        using var fetcher = Fetcher();

        var outcome = await fetcher.FetchAsync(FeedAt(new Uri(source.Replace("FOLDER", _folder.Path.TrimStart('/'), StringComparison.Ordinal))), CancellationToken.None);

        Assert.StartsWith("The file is outside of ", outcome.Failure);
    }

    [Fact]
    public async Task Missing_file_is_a_failure()
    {
        using var fetcher = Fetcher();

        var outcome = await fetcher.FetchAsync(FeedAt(new Uri("file://" + _folder.File("absent"))), CancellationToken.None);

        Assert.Contains("Could not find file", outcome.Failure);
    }

    public void Dispose() => _folder.Dispose();

    private static Func<HttpContext, Task> Status(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    private static Feed FeedAt(Uri source) => new("f1", 1, "list", source, FeedFormat.Plain, TimeSpan.FromHours(1));

    private FeedFetcher Fetcher(FeedServer? server = null) => new(server?.CreateClient() ?? FeedFetcher.CreateClient(), Options.Create(_options), _clock);
}
