using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Bmc.Tests.Simulation.Facts;

/// <summary>Versions, TLS, port 80, and who may call.</summary>
internal static class TransportFacts
{
    private const string Realm = "realm=\"Access to Baseboard Management Controller\"";

    public static IEnumerable<Fact> All() => [.. Versions(), .. Transport(), .. PortEighty(), .. LogIn()];

    private static IEnumerable<Fact> Versions() =>
    [
        Fact.Enveloped("versions", "2.3.7", "GET ?opt=get&type=about", """{"api":"1.1","bmcd_version":"2.3.7","board_model":"Turing Pi 2","board_revision":"v2.5.1","buildroot":"Buildroot 2024.05.3","buildtime":"2025-02-23 11:12:19-00:00","hostname":"turingpi","version":"2.1.0"}"""),
        Fact.Enveloped("versions", "2.3.4", "GET ?opt=get&type=about", """{"api":"1.1","board_model":"Turing Pi 2\u0000\u0000\u0000\u0000\u0000","board_revision":"v2.4.0","build_version":"2.1.0","buildroot":"Buildroot 2024.05.3","buildtime":"2025-01-14 09:35:02-00:00","hostname":"turingpi","version":"2.3.4"}"""),
        Fact.Enveloped("versions", "2.0.5", "GET ?opt=get&type=about", """{"api":"1.1","build_version":"2.0.5","buildroot":"Buildroot 2022.08-git","buildtime":"2023-12-21 15:18:06-00:00","version":"2.0.5"}"""),
        Fact.Answer("versions", Fact.Newer, "GET /api/bmc/serial/ws?node=0", 400, null, ""),
        Fact.Answer("versions", "2.0.5", "GET /api/bmc/serial/ws?node=0", 200, "text/html", "~Turing Pi"),
        Fact.Answer("versions", "2.0.5", "POST /api/bmc/serial/status", 200, "text/html", "~Turing Pi"),
        .. new[] { "cooling", "node_info", "usb_node1" }.Select(type =>
            Fact.Refused("versions", "2.0.5", $"GET ?opt=get&type={type}", 400, $"Invalid `type` parameter {type}")),
    ];

    private static IEnumerable<Fact> Transport() =>
    [
        Fact.Answer("transport", Fact.Secure, "GET /metrics", 200, "text/html", "~Turing Pi"),
        Fact.Answer("transport", Fact.Secure, "POST /", 200, "text/html", "~Turing Pi"),
        Fact.Answer("transport", Fact.Secure, "PUT ?opt=get&type=power", 405, null, ""),
        Fact.Answer("transport", Fact.Secure, "POST ?opt=get&type=power", 405, null, ""),
        new("transport", Fact.Newer, "405 names GET and POST", (board, _) => AllowsAsync(board, ["GET", "POST"])),
        new("transport", "2.0.5", "405 names GET", (board, _) => AllowsAsync(board, ["GET"])),
        new("transport", Fact.Secure, "HTTP/2 is offered", async (board, _) =>
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using var reply = await board.Raw.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpVersion.Version20, reply.Version);
        }),
    ];

    private static IEnumerable<Fact> PortEighty() =>
    [
        new("port 80", Fact.Secure, "GET /info says without log-in what `other` says", async (board, _) =>
        {
            using var client = new HttpClient { BaseAddress = board.Board.PlainAddress };
            using var reply = await client.GetAsync("/info", TestContext.Current.CancellationToken);
            Assert.Equal((HttpStatusCode.OK, "application/json"), (reply.StatusCode, reply.Content.Headers.ContentType?.MediaType));
            Assert.Equal((await board.GetAsync("opt=get&type=other")).Body, await Fact.ReadAsync(reply));
        }),
        new("port 80", Fact.Secure, "GET /api/bmc?a=b leads to HTTPS", (board, _) => LeadsAsync(board, HttpMethod.Get, "/api/bmc?opt=get&type=power")),
        new("port 80", Fact.Secure, "POST /info leads to HTTPS", (board, _) => LeadsAsync(board, HttpMethod.Post, "/info")),
        new("port 80", Fact.Secure, "POST /api/bmc/authenticate leads to HTTPS", (board, _) => LeadsAsync(board, HttpMethod.Post, "/api/bmc/authenticate")),
    ];

    private static IEnumerable<Fact> LogIn() =>
    [
        new("log-in", Fact.Secure, "any method logs in, whatever the body is called", async (board, _) =>
        {
            using var reply = await board.Raw.SendAsync(
                new HttpRequestMessage(HttpMethod.Put, "/api/bmc/authenticate") { Content = new StringContent("""{"username":"root","password":"turing"}""") },
                TestContext.Current.CancellationToken);
            var token = reply.Headers.GetValues("X-Auth-Token").Single();
            Assert.Equal("text/plain", reply.Content.Headers.ContentType?.MediaType);
            Assert.Equal($$"""{"id":"{{token}}","name":"User Session","description":"User Session","username":"root"}""", await Fact.ReadAsync(reply));
            Assert.Matches("^[A-Za-z0-9]{64}$", token);
        }),
        Fact.Answer("log-in", Fact.Secure, """POST /api/bmc/authenticate {"username":"root","password":"x"}""", 403, "text/plain", "credentials incorrect"),
        Fact.Answer("log-in", Fact.Secure, "POST /api/bmc/authenticate {", 403, "text/plain", "~^error trying to parse credentials: "),
        Refusal(null, "Basic " + Realm, "no authorization header provided"),
        Refusal("Bearer abc", $"Bearer {Realm} error=\"invalid_token\" error_description=\"token abc is not registered\"", "token abc is not registered"),
        Refusal("Digest abc", Realm, "Digest authentication not supported"),
        Refusal("Basic cm9vdDp3cm9uZw==", "Basic " + Realm, "credentials incorrect"),
        new("log-in", Fact.Secure, "Basic works on each call", async (board, _) =>
        {
            board.Raw.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("root:turing"u8));
            Assert.Equal(HttpStatusCode.OK, (await board.GetAsync("opt=get&type=power")).Status);
        }),
        new("log-in", Fact.Secure, "a token lives three hours from its last use", TokenSlidesAsync),
        new("log-in", Fact.Secure, "a token dies with its daemon", async (board, _) =>
        {
            var token = await board.LogInAsync();
            await board.Board.RestartDaemonAsync(orderly: true, TimeSpan.Zero, TestContext.Current.CancellationToken);
            Assert.Equal((HttpStatusCode.Unauthorized, $"token {token} is not registered"), await board.GetAsync("opt=get&type=power"));
        }),
        new("log-in", Fact.Secure, "the fifth failure bans a minute and the sixth two, unknown tokens count, success clears", BansAsync),
        new("log-in", Fact.Secure, "a ban does not outlive the daemon", async (board, _) =>
        {
            for (var failure = 1; failure <= 5; failure++)
            {
                await FailAsync(board);
            }

            await board.Board.RestartDaemonAsync(orderly: true, TimeSpan.Zero, TestContext.Current.CancellationToken);
            Assert.Equal("credentials incorrect", await FailAsync(board));
        }),
        new("log-in", Fact.Secure, "a changed password counts at once", async (board, _) =>
        {
            board.Board.ChangePassword("new");
            using var old = await board.PostLogInAsync("root", TestBoard.Password);
            using var changed = await board.PostLogInAsync("root", "new");
            Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (old.StatusCode, changed.StatusCode));
        }),
    ];

    private static Fact Refusal(string? authorization, string challenge, string text) =>
        new("log-in", Fact.Secure, $"401 for {authorization ?? "nothing"}", async (board, _) =>
        {
            board.Raw.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization is null ? [] : [authorization]);
            using var reply = await board.Raw.GetAsync("/api/bmc?opt=get&type=power", TestContext.Current.CancellationToken);
            Assert.Equal((HttpStatusCode.Unauthorized, "text/plain"), (reply.StatusCode, reply.Content.Headers.ContentType?.MediaType));
            Assert.Equal(challenge, reply.Headers.NonValidated["WWW-Authenticate"].ToString());
            Assert.Equal(text, await Fact.ReadAsync(reply));
        });

    private static async Task AllowsAsync(TestBoard board, string[] methods)
    {
        using var reply = await Fact.SendAsync(board, "DELETE ?opt=get&type=power");
        Assert.Equal(methods, reply.Content.Headers.Allow);
    }

    private static async Task LeadsAsync(TestBoard board, HttpMethod method, string target)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = board.Board.PlainAddress };
        using var reply = await client.SendAsync(new HttpRequestMessage(method, target), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.PermanentRedirect, reply.StatusCode);
        Assert.Equal(new Uri(board.Board.Address, target), reply.Headers.Location);
        Assert.Equal("", await Fact.ReadAsync(reply));
    }

    private static async Task TokenSlidesAsync(TestBoard board, FakeTimeProvider clock)
    {
        var token = await board.LogInAsync();
        clock.Advance(TimeSpan.FromSeconds(10_799));
        var alive = await board.GetAsync("opt=get&type=power");
        clock.Advance(TimeSpan.FromSeconds(10_800));
        var expired = await board.GetAsync("opt=get&type=power");
        var forgotten = await board.GetAsync("opt=get&type=power");

        Assert.Equal(HttpStatusCode.OK, alive.Status);
        Assert.Equal((HttpStatusCode.Unauthorized, "token expired 3h ago"), expired);
        Assert.Equal((HttpStatusCode.Unauthorized, $"token {token} is not registered"), forgotten);
    }

    private static async Task BansAsync(TestBoard board, FakeTimeProvider clock)
    {
        board.Raw.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "unknown");
        for (var failure = 1; failure <= 4; failure++)
        {
            await board.GetAsync("opt=get&type=power");
        }

        var fifth = await FailAsync(board);
        var during = await FailAsync(board);
        clock.Advance(TimeSpan.FromMinutes(1));
        var sixth = await FailAsync(board);
        clock.Advance(TimeSpan.FromMinutes(2));
        (await board.PostLogInAsync("root", TestBoard.Password)).Dispose();
        var afterSuccess = await FailAsync(board);

        Assert.Equal("Exceeded allowed authentication attempts. Access blocked for 1m", fifth);
        Assert.Equal("Exceeded allowed authentication attempts. Access blocked for 1m", during);
        Assert.Equal("Exceeded allowed authentication attempts. Access blocked for 2m", sixth);
        Assert.Equal("credentials incorrect", afterSuccess);
    }

    private static async Task<string> FailAsync(TestBoard board)
    {
        using var reply = await board.PostLogInAsync("root", "x");
        return await Fact.ReadAsync(reply);
    }
}
