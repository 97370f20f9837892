using System.Net;
using System.Net.Http.Headers;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Board;

/// <summary>HTTP to one board: HTTP/1.1 over pinned TLS, with a limit on time and size, and failures in words.</summary>
internal sealed class BoardTransport : IDisposable
{
    /// <summary>Reason of an upload whose connection ended before the board had said that it has all.</summary>
    public const string UploadBroken = "UPLOAD_BROKEN";

    // The longest answer is a console of 16 KiB, each byte at most six in JSON.
    private const int MaxAnswerBytes = 256 * 1024;

    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    private readonly BoardEndpoint _endpoint;
    private readonly TimeProvider _clock;
    private readonly PinnedCertificate _pin;
    private readonly HttpMessageInvoker _kept;
    private readonly HttpMessageInvoker _fresh;

    public BoardTransport(BoardEndpoint endpoint, TimeProvider clock)
    {
        _endpoint = endpoint;
        _clock = clock;
        _pin = new PinnedCertificate(endpoint);
        _kept = new HttpMessageInvoker(NewHandler(Timeout.InfiniteTimeSpan));

        // A kept connection may have been closed by the board meanwhile. A read is then sent again; what must not happen
        // twice would be lost in doubt, so it gets a connection of its own.
        _fresh = new HttpMessageInvoker(NewHandler(TimeSpan.Zero));
    }

    public BoardEndpoint Endpoint => _endpoint;

    /// <summary>The certificate that was trusted last; null before the first connection, and in plain HTTP.</summary>
    public CertificateFacts? Certificate => _pin.Trusted;

    /// <summary>Why the board's certificate is not trusted now, in words; null while it is.</summary>
    public string? CertificateRefusal => _pin.Refusal;

    /// <summary>True when the last call left, whether it was answered or not.</summary>
    public bool HasAsked { get; private set; }

    /// <summary>Sends a call; what may be repeated is sent once more when the board hangs up without an answer.</summary>
    public async Task<BoardReply> SendAsync(BoardCall call, string? bearer, CancellationToken token)
    {
        using var limit = new CancellationTokenSource(call.Limit, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, token);
        HasAsked = false;
        for (var mayRepeat = call.Kind != CallKind.Once; ; mayRepeat = false)
        {
            try
            {
                return await ExchangeAsync(call, bearer, either.Token);
            }
            catch (HttpRequestException error) when (mayRepeat && HungUp(error))
            {
                // Once more.
            }
            catch (Exception error) when (error is HttpRequestException or IOException)
            {
                throw Describe(call, error);
            }
            catch (OperationCanceledException error) when (!token.IsCancellationRequested)
            {
                // Ours, or the handler's own for the connection, which it throws as a cancellation too.
                throw limit.IsCancellationRequested
                    ? Lost(call, $"did not answer within {call.Limit.TotalSeconds:0} s", error)
                    : Lost(call, $"did not take the connection within {ConnectLimit.TotalSeconds:0} s", error);
            }
        }
    }

    /// <summary>Sends an image as fast as the board takes it; ends when nothing moves for a while, however long it is.</summary>
    public async Task<BoardReply> UploadAsync(BoardUpload upload, string? bearer, CancellationToken token)
    {
        using var idle = new CancellationTokenSource(BoardUpload.IdleLimit, _clock);
        using var total = new CancellationTokenSource(upload.Limit, _clock);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, total.Token, token);
        using var content = new UploadContent(upload, () => idle.CancelAfter(BoardUpload.IdleLimit));
        using var request = NewRequest(HttpMethod.Post, upload.Path, content, bearer);
        try
        {
            return await ReadAsync(_fresh, request, any.Token);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw Broken(upload, content, $"the connection ended: {error.GetBaseException().Message}");
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            var how = idle.IsCancellationRequested ? $"the board took nothing for {BoardUpload.IdleLimit.TotalSeconds:0} s"
                : total.IsCancellationRequested ? "it took too long"
                : $"the board did not take the connection within {ConnectLimit.TotalSeconds:0} s";
            throw Broken(upload, content, how);
        }
    }

    public void Dispose()
    {
        _kept.Dispose();
        _fresh.Dispose();
    }

    private async Task<BoardReply> ExchangeAsync(BoardCall call, string? bearer, CancellationToken token)
    {
        // Even an empty body keeps the handler from repeating the request by itself: without one .NET 10 sends it up to
        // four times when the server hangs up without an answer (measured), a reset as well.
        using var content = new AskedContent(call.Json ?? []);
        if (call.Json is not null)
        {
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        using var request = NewRequest(call.Json is null ? HttpMethod.Get : HttpMethod.Post, call.PathAndQuery, content, bearer);
        try
        {
            return await ReadAsync(call.Kind == CallKind.Once ? _fresh : _kept, request, token);
        }
        finally
        {
            HasAsked |= content.IsSent;
        }
    }

    private HttpRequestMessage NewRequest(HttpMethod method, string path, HttpContent content, string? bearer)
    {
        var request = new HttpRequestMessage(method, new Uri(_endpoint.Address, path))
        {
            Content = content,
            Version = HttpVersion.Version11,

            // The board offers HTTP/2 too, but its own tools force 1.1, so that is what is tried in the field.
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Authorization = bearer is null ? null : new AuthenticationHeaderValue("Bearer", bearer);
        return request;
    }

    private static async Task<BoardReply> ReadAsync(HttpMessageInvoker invoker, HttpRequestMessage request, CancellationToken token)
    {
        using var response = await invoker.SendAsync(request, token);
        await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, token);
        return new BoardReply(
            response.StatusCode,
            response.Content.Headers.ContentType?.MediaType ?? "",
            await response.Content.ReadAsByteArrayAsync(token))
        {
            RetryAfter = response.Headers.RetryAfter?.Delta,
        };
    }

    // By an end of the stream, or by a reset when bytes were still under way.
    private static bool HungUp(HttpRequestException error) => error.HttpRequestError == HttpRequestError.ResponseEnded
        || (error.HttpRequestError == HttpRequestError.Unknown && error.InnerException is IOException);

    private SocketsHttpHandler NewHandler(TimeSpan connectionLife) => new()
    {
        AllowAutoRedirect = false,
        ConnectTimeout = ConnectLimit,
        MaxConnectionsPerServer = 1,
        PooledConnectionLifetime = connectionLife,
        SslOptions = { RemoteCertificateValidationCallback = _pin.Accept },
        UseCookies = false,
        UseProxy = false,
    };

    private BusyException Broken(BoardUpload upload, UploadContent content, string how) => new(
        UploadBroken,
        $"The upload to board {_endpoint.Address.Authority} broke off after {content.Sent} of {upload.Order.Length} bytes: {how}.");

    private ApplianceException Describe(BoardCall call, Exception error)
    {
        var failure = (error as HttpRequestException)?.HttpRequestError;
        return failure switch
        {
            HttpRequestError.SecureConnectionError when _pin.Refusal is { } refusal => new UnreachableException(refusal, error),
            HttpRequestError.SecureConnectionError => new UnreachableException(
                $"Board {_endpoint.Address.Authority} does not answer in TLS: {error.GetBaseException().Message}; firmware 1 knows none and is spoken to by an http:// address.", error),
            HttpRequestError.ConfigurationLimitExceeded => new UnreachableException(
                $"Board {_endpoint.Address.Authority} answered with more than {MaxAnswerBytes} bytes; is it the board's API?",
                error),
            HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError =>
                new UnreachableException($"Board {_endpoint.Address.Authority} cannot be reached: {error.GetBaseException().Message}", error),
            _ => Lost(call, "ended the connection without an answer", error),
        };
    }

    private ApplianceException Lost(BoardCall call, string how, Exception error) => HasAsked && call is { Kind: CallKind.Once, Json: null }
        ? new BusyException(
            "OUTCOME_UNKNOWN",
            $"Board {_endpoint.Address.Authority} {how}; whether it has done what was asked is not known. Look at the slot before trying again.")
        : new UnreachableException($"Board {_endpoint.Address.Authority} {how}.", error);
}
