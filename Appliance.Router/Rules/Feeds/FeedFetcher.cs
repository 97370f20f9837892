using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Rules.Feeds;

/// <summary>Asks a feed's source for what is new, within a time and a length.</summary>
internal sealed class FeedFetcher(HttpClient http, IOptions<FeedOptions> options, TimeProvider clock) : IDisposable
{
    private const int MaxRedirections = 5;
    private const int MaxFailureLength = 300;

    private FeedOptions Limits => options.Value;

    /// <summary>A client that goes where it is sent as long as that is by https too, and carries nothing from one fetch to the next.</summary>
    public static HttpClient CreateClient() => CreateClient(new SocketsHttpHandler());

    // SocketsHttpHandler follows no redirection from https to http.
    public static HttpClient CreateClient(SocketsHttpHandler handler)
    {
        handler.MaxAutomaticRedirections = MaxRedirections;
        handler.AutomaticDecompression = DecompressionMethods.All;
        handler.UseCookies = false;
        handler.PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10);
        // The fetch has its own time, by the injected clock.
        var client = new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("appliance-router", "1"));
        return client;
    }

    /// <summary>The file that a file:// source names; null when it is not below the folder that feeds may be read from.</summary>
    public static string? PathOf(Uri source, FeedOptions limits)
    {
        if (!source.IsFile || source.IsUnc)
        {
            return null;
        }

        var path = Path.GetFullPath(source.LocalPath);
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(limits.FileFolder)) + Path.DirectorySeparatorChar;
        return path.StartsWith(folder, StringComparison.Ordinal) ? path : null;
    }

    public async Task<FetchOutcome> FetchAsync(Feed feed, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limits.FetchTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return feed.Source.IsFile ? await ReadFileAsync(feed, either.Token) : await DownloadAsync(feed, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return FetchOutcome.Failed(Text($"It did not come whole within {Limits.FetchTimeout.TotalSeconds:0} s ({FeedOptions.Section}:{nameof(FeedOptions.FetchTimeout)})."));
        }
        catch (Exception error) when (error is HttpRequestException or IOException or UnauthorizedAccessException or AuthenticationException or InvalidDataException or NotSupportedException)
        {
            var text = error.GetBaseException().Message;
            return FetchOutcome.Failed(text.Length <= MaxFailureLength ? text : text[..MaxFailureLength]);
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<FetchOutcome> DownloadAsync(Feed feed, CancellationToken token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, feed.Source);
        var known = feed.Status.Validators;
        AddIfSet(request, "If-None-Match", known.EntityTag);
        AddIfSet(request, "If-Modified-Since", known.LastModified);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
        if (response.StatusCode == HttpStatusCode.NotModified && !known.IsEmpty)
        {
            return FetchOutcome.Unchanged(known);
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            return FetchOutcome.Failed(Text($"The server answered {(int)response.StatusCode}."));
        }

        var headers = response.Content.Headers;
        if (headers.ContentType?.MediaType is "text/html" or "application/xhtml+xml")
        {
            return FetchOutcome.Failed("It is a web page, not a list.");
        }

        if (headers.ContentLength > Limits.MaxBytes)
        {
            return FetchOutcome.Failed(Text($"It has {headers.ContentLength} bytes, and {FeedOptions.Section}:{nameof(FeedOptions.MaxBytes)} lets a feed have {Limits.MaxBytes}."));
        }

        await using var stream = await response.Content.ReadAsStreamAsync(token);
        var reading = await FeedReader.ReadAsync(stream, feed.Format, Limits, token);
        return FetchOutcome.Read(reading, new FeedValidators(
            response.Headers.ETag?.ToString() ?? "",
            headers.LastModified?.ToString("R", CultureInfo.InvariantCulture) ?? ""));
    }

    private async Task<FetchOutcome> ReadFileAsync(Feed feed, CancellationToken token)
    {
        if (PathOf(feed.Source, Limits) is not { } path)
        {
            return FetchOutcome.Failed($"The file is outside of {Limits.FileFolder} ({FeedOptions.Section}:{nameof(FeedOptions.FileFolder)}).");
        }

        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1, useAsync: true);
        var version = new FeedValidators(Text($"{stream.Length}-{File.GetLastWriteTimeUtc(stream.SafeFileHandle).Ticks}"), "");
        return version == feed.Status.Validators
            ? FetchOutcome.Unchanged(version)
            : FetchOutcome.Read(await FeedReader.ReadAsync(stream, feed.Format, Limits, token), version);
    }

    // As the server wrote it: some write tags that no parser takes.
    private static void AddIfSet(HttpRequestMessage request, string header, string value)
    {
        if (value.Length > 0)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
