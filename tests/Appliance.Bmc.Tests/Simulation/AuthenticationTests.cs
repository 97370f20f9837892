using System.Net;
using System.Net.Http.Headers;
using Appliance.Bmc.Simulation;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Bmc.Tests.Simulation;

public sealed class AuthenticationTests
{
    [Fact]
    public async Task Log_in_answers_a_session_with_a_token_of_64_letters_as_plain_text()
    {
        await using var board = await TestBoard.StartAsync();

        using var reply = await board.PostLogInAsync("root", TestBoard.Password);

        var token = reply.Headers.GetValues("X-Auth-Token").Single();
        Assert.Equal("text/plain", reply.Content.Headers.ContentType?.MediaType);
        Assert.Matches("^[A-Za-z0-9]{64}$", token);
        Assert.Equal(
            $$"""{"id":"{{token}}","name":"User Session","description":"User Session","username":"root"}""",
            await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("""{"username":"root","password":"x"}""", "credentials incorrect")]
    [InlineData("""{"username":"nobody","password":"turing"}""", "credentials incorrect")]
    [InlineData("""{"password":"turing"}""", "error trying to parse credentials: missing field `username` at line 1 column 2")]
    [InlineData("[", "error trying to parse credentials: expected value at line 1 column 1")]
    public async Task Wrong_log_in_is_403_and_text(string body, string text)
    {
        await using var board = await TestBoard.StartAsync();

        using var reply = await board.Raw.PostAsync("/api/bmc/authenticate", TestBoard.Json(body), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, reply.StatusCode);
        Assert.Equal(text, await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(null, "Basic realm=\"Access to Baseboard Management Controller\"", "no authorization header provided")]
    [InlineData("Bearer abc", "Bearer realm=\"Access to Baseboard Management Controller\" error=\"invalid_token\" error_description=\"token abc is not registered\"", "token abc is not registered")]
    [InlineData("Digest abc", "realm=\"Access to Baseboard Management Controller\"", "Digest authentication not supported")]
    [InlineData("Basic cm9vdDp3cm9uZw==", "Basic realm=\"Access to Baseboard Management Controller\"", "credentials incorrect")]
    public async Task Call_without_a_right_is_401_with_a_challenge(string? authorization, string challenge, string text)
    {
        await using var board = await TestBoard.StartAsync();
        board.Raw.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization is null ? [] : [authorization]);

        using var reply = await board.Raw.GetAsync("/api/bmc?opt=get&type=power", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, reply.StatusCode);
        Assert.Equal(challenge, reply.Headers.NonValidated["WWW-Authenticate"].ToString());
        Assert.Equal(text, await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Basic_works_on_each_call()
    {
        await using var board = await TestBoard.StartAsync();
        board.Raw.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("root:turing"u8));

        var (status, _) = await board.GetAsync("opt=get&type=power");

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task Token_lives_three_hours_from_its_last_use()
    {
        var clock = new FakeTimeProvider();
        await using var board = await TestBoard.StartAsync(clock);
        await board.LogInAsync();

        clock.Advance(TimeSpan.FromHours(2));
        var (first, _) = await board.GetAsync("opt=get&type=power");
        clock.Advance(TimeSpan.FromHours(2));
        var (second, _) = await board.GetAsync("opt=get&type=power");
        clock.Advance(TimeSpan.FromSeconds(10800));
        var (third, body) = await board.GetAsync("opt=get&type=power");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Unauthorized), (first, second, third));
        Assert.Equal("token expired 3h ago", body);
    }

    [Fact]
    public async Task Expired_token_is_forgotten_at_its_first_use()
    {
        var clock = new FakeTimeProvider();
        await using var board = await TestBoard.StartAsync(clock);
        var token = await board.LogInAsync();
        clock.Advance(TimeSpan.FromHours(4));
        await board.GetAsync("opt=get&type=power");

        var (_, body) = await board.GetAsync("opt=get&type=power");

        Assert.Equal($"token {token} is not registered", body);
    }

    [Fact]
    public async Task Fifth_failure_bans_for_a_minute_and_the_next_for_two()
    {
        var clock = new FakeTimeProvider();
        await using var board = await TestBoard.StartAsync(clock);
        for (var failure = 1; failure <= 4; failure++)
        {
            (await board.PostLogInAsync("root", "x")).Dispose();
        }

        var fifth = await FailAsync(board);
        clock.Advance(TimeSpan.FromSeconds(59));
        var during = await FailAsync(board);
        clock.Advance(TimeSpan.FromSeconds(1));
        var sixth = await FailAsync(board);

        Assert.Equal("Exceeded allowed authentication attempts. Access blocked for 1m", fifth);
        Assert.Equal("Exceeded allowed authentication attempts. Access blocked for 1s", during);
        Assert.Equal("Exceeded allowed authentication attempts. Access blocked for 2m", sixth);
    }

    [Fact]
    public async Task Ban_refuses_a_good_token_too()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();
        for (var failure = 1; failure <= 5; failure++)
        {
            await FailAsync(board);
        }

        var (status, body) = await board.GetAsync("opt=get&type=power");

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.StartsWith("Exceeded allowed authentication attempts. Access blocked for ", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Success_forgives_earlier_failures()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();
        for (var failure = 1; failure <= 4; failure++)
        {
            await FailAsync(board);
        }

        await board.GetAsync("opt=get&type=power");
        var next = await FailAsync(board);

        Assert.Equal("credentials incorrect", next);
    }

    [Fact]
    public void Ban_never_lasts_longer_than_1024_minutes()
    {
        var lockout = new Lockout(BoardProfiles.Find("2.3.7")!, new FakeTimeProvider());

        List<TimeSpan?> bans = [.. Enumerable.Range(0, 40).Select(_ => lockout.Penalize("192.0.2.1"))];

        Assert.Equal([null, null, null, null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2)], bans[..6]);
        Assert.Equal(TimeSpan.FromMinutes(1024), bans[^1]);
    }

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(59_998, "59s 998ms")]
    [InlineData(61_440_000, "17h 4m")]
    [InlineData(90_061_001, "1day 1h 1m 1s 1ms")]
    public void Durations_are_written_as_the_daemon_writes_them(int milliseconds, string text)
    {
        Assert.Equal(text, HumanTime.Format(TimeSpan.FromMilliseconds(milliseconds)));
    }

    private static async Task<string> FailAsync(TestBoard board)
    {
        using var reply = await board.PostLogInAsync("root", "x");
        return await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
