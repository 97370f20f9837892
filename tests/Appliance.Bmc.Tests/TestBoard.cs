using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Appliance.Bmc.Board;
using Appliance.Bmc.Simulation;
using Appliance.Hosting.Events;
using Appliance.Hosting.Health;
using Microsoft.Extensions.Logging.Abstractions;

namespace Appliance.Bmc.Tests;

/// <summary>A simulated board over real HTTPS on loopback, with a bare HTTP client and with clients of ours.</summary>
internal sealed class TestBoard : IAsyncDisposable
{
    public const string Password = "turing";

    private readonly List<IDisposable> _owned = [];
    private readonly TimeProvider _clock;

    private TestBoard(SimulatedBoard board, TimeProvider clock)
    {
        Board = board;
        _clock = clock;
        Raw = Own(NewRaw());
    }

    public SimulatedBoard Board { get; }

    /// <summary>Sees everything as it is on the wire, and trusts the board as our own client does.</summary>
    public HttpClient Raw { get; }

    public static async Task<TestBoard> StartAsync(TimeProvider? clock = null, Func<SimulatorOptions, SimulatorOptions>? with = null)
    {
        var time = clock ?? TimeProvider.System;
        var options = new SimulatorOptions
        {
            Profile = BoardProfiles.Find("2.3.7")!,
            Password = Password,
            Certificate = BoardCertificate.CreateQuickly(TimeProvider.System),
            Pace = 0,
        };
        var board = await SimulatedBoard.StartAsync(with is null ? options : with(options), time, TestContext.Current.CancellationToken);
        return new TestBoard(board, time);
    }

    /// <summary>A client as the role has it; by default with the right password and fingerprint.</summary>
    public TuringPiBoard Client(string password = Password, string? fingerprint = null) =>
        Client(BoardCredential.Known("root", password), fingerprint ?? Board.Fingerprint);

    public TuringPiBoard Client(BoardCredential credential, string? fingerprint)
    {
        var target = new BoardTarget(new BoardEndpoint(Board.Address, fingerprint, credential, Simulated: true) { AllowDefaultPassword = true });
        return new TuringPiBoard(Own(new BoardSession(target, new BoardNotices(new HealthBoard(_clock), new EventLog(_clock)), _clock, NullLogger<BoardSession>.Instance)));
    }

    /// <summary>Logs in as the raw client and keeps the token for its further calls.</summary>
    public async Task<string> LogInAsync()
    {
        using var reply = await PostLogInAsync("root", Password);
        var text = await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        using var session = JsonDocument.Parse(text);
        var token = session.RootElement.GetProperty("id").GetString()!;
        Raw.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return token;
    }

    public Task<HttpResponseMessage> PostLogInAsync(string user, string password) => Raw.PostAsync(
        "/api/bmc/authenticate",
        new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["username"] = user, ["password"] = password })),
        TestContext.Current.CancellationToken);

    /// <summary>Status and body of `GET /api/bmc?QUERY`.</summary>
    public async Task<(HttpStatusCode Status, string Body)> GetAsync(string query)
    {
        using var reply = await Raw.GetAsync($"/api/bmc?{query}", TestContext.Current.CancellationToken);
        return (reply.StatusCode, await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The JSON text of `result` in the envelope.</summary>
    public async Task<string> ResultAsync(string query)
    {
        var (_, body) = await GetAsync(query);
        using var document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty("response")[0].GetProperty("result").GetRawText();
    }

    /// <summary>Begins a flash of slot 1 (or another query) and returns the handle.</summary>
    public async Task<uint> BeginAsync(string query)
    {
        var (_, body) = await GetAsync(query);
        using var document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty("handle").GetUInt32();
    }

    public Task<HttpResponseMessage> UploadAsync(uint handle, byte[] image) => Raw.PostAsync(
        $"/api/bmc/upload/{handle}",
        new MultipartFormDataContent { { new ByteArrayContent(image), "file", "image.img" } },
        TestContext.Current.CancellationToken);

    /// <summary>Asks for the state of the transfer until it has one of these.</summary>
    public async Task<string> WaitForTransferAsync(Func<string, bool> isIt)
    {
        while (true)
        {
            var (_, body) = await GetAsync("opt=get&type=flash");
            if (isIt(body))
            {
                return body;
            }

            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    public async ValueTask DisposeAsync()
    {
        _owned.ForEach(owned => owned.Dispose());
        await Board.DisposeAsync();
    }

    /// <summary>Another client of the same kind, with a connection of its own.</summary>
    public HttpClient NewRaw() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString(HashAlgorithmName.SHA256) == Board.Fingerprint },
    })
    {
        BaseAddress = Board.Address,
        DefaultRequestVersion = HttpVersion.Version11,
    };

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
