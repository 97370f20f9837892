using System.Net;
using System.Runtime.Versioning;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Logger.Tests.Dashboard.Access;

[SupportedOSPlatform("linux")]
public sealed class LoginTests
{
    private static readonly Uri Overview = new("/", UriKind.Relative);

    [Fact]
    public async Task Right_password_opens_the_overview()
    {
        await using var site = await DashboardSite.StartAsync();
        using var client = site.Client();
        using var login = await DashboardSite.LogInAsync(client, site.Password);

        using var page = await client.GetAsync(Overview);

        Assert.Equal((HttpStatusCode.Found, "/"), (login.StatusCode, login.Headers.Location!.ToString()));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task Cookie_is_out_of_reach_of_scripts_and_other_sites()
    {
        await using var site = await DashboardSite.StartAsync();
        using var client = site.Client();

        using var login = await DashboardSite.LogInAsync(client, site.Password);

        var cookie = Assert.Single(login.Headers.GetValues("Set-Cookie"), value => value.StartsWith("__Host-appliance-session=", StringComparison.Ordinal));
        Assert.All(["path=/", "secure", "httponly", "samesite=strict"], word => Assert.Contains(word, cookie, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("/alerts/01JDFX0000000000000000000A", "/alerts/01JDFX0000000000000000000A")]
    [InlineData("/?severity=high", "/?severity=high")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example/", "/")]
    [InlineData("~/evil", "/")]
    public async Task Log_in_leads_back_to_where_one_came_from_but_never_elsewhere(string asked, string led)
    {
        await using var site = await DashboardSite.StartAsync();
        using var client = site.Client();

        using var login = await DashboardSite.LogInAsync(client, site.Password, asked);

        Assert.Equal(led, login.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Wrong_password_is_refused_in_words()
    {
        await using var site = await DashboardSite.StartAsync();
        using var client = site.Client();

        using var login = await DashboardSite.LogInAsync(client, "wrong");

        Assert.Equal(HttpStatusCode.Unauthorized, login.StatusCode);
        Assert.Contains("That is not the password.", await login.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_five_wrong_passwords_the_right_one_has_to_wait()
    {
        var clock = new PauseClock();
        await using var site = await DashboardSite.StartAsync(clock);
        using var client = site.Client();
        await FailFiveTimesAsync(client);

        using var early = await DashboardSite.LogInAsync(client, site.Password);
        clock.Advance(TimeSpan.FromSeconds(2));
        var late = DashboardSite.LogInAsync(client, site.Password);
        await clock.Paused.WaitAsync();
        clock.Advance(TimeSpan.FromSeconds(8));

        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(1)), (early.StatusCode, early.Headers.RetryAfter!.Delta));
        Assert.Equal(HttpStatusCode.Found, (await late).StatusCode);
    }

    [Fact]
    public async Task While_one_source_guesses_the_right_password_works_from_another()
    {
        var clock = new PauseClock();
        await using var site = await DashboardSite.StartAsync(clock);
        using var guesser = site.Client(from: IPAddress.Parse("127.0.0.66"));
        await FailFiveTimesAsync(guesser);
        using var client = site.Client();

        var login = DashboardSite.LogInAsync(client, site.Password);
        await clock.Paused.WaitAsync();
        clock.Advance(TimeSpan.FromSeconds(8));

        Assert.Equal(HttpStatusCode.Found, (await login).StatusCode);
    }

    [Fact]
    public async Task Form_without_its_token_is_refused_and_offered_anew()
    {
        await using var site = await DashboardSite.StartAsync();
        using var client = site.Client();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["password"] = site.Password });

        using var login = await client.PostAsync(new Uri("/login", UriKind.Relative), form);

        Assert.Equal(HttpStatusCode.BadRequest, login.StatusCode);
        Assert.Contains("Please try again.", await login.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a")]
    [InlineData("multipart/form-data; boundary=x", "no boundary at all")]
    [InlineData("application/json", "{}")]
    public async Task Form_that_is_no_form_is_refused(string mediaType, string body)
    {
        await using var site = await DashboardSite.StartAsync();
        using var client = site.Client();
        using var content = new StringContent(body);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", mediaType);

        using var login = await client.PostAsync(new Uri("/login", UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.BadRequest, login.StatusCode);
    }

    [Fact]
    public async Task Endless_form_is_cut_off()
    {
        await using var site = await DashboardSite.StartAsync();
        using var client = site.Client();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["password"] = new('x', 100_000) });

        using var login = await client.PostAsync(new Uri("/login", UriKind.Relative), form);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, login.StatusCode);
    }

    [Fact]
    public async Task Session_ends_when_nobody_uses_it()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var site = await DashboardSite.StartAsync(clock);
        using var client = await site.LoggedInAsync();

        clock.Advance(TimeSpan.FromMinutes(31));
        using var page = await client.GetAsync(Overview);

        Assert.Equal(HttpStatusCode.Found, page.StatusCode);
    }

    [Fact]
    public async Task Page_that_is_looked_at_keeps_its_session()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var site = await DashboardSite.StartAsync(clock);
        using var client = await site.LoggedInAsync();
        for (var minutes = 0; minutes < 60; minutes += 20)
        {
            clock.Advance(TimeSpan.FromMinutes(20));
            using var kept = await client.PostAsync(new Uri("/session", UriKind.Relative), content: null);
            Assert.Equal(HttpStatusCode.NoContent, kept.StatusCode);
        }

        using var page = await client.GetAsync(Overview);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task Logging_out_ends_the_session_for_a_copy_of_the_cookie_too()
    {
        await using var site = await DashboardSite.StartAsync();
        var cookies = new CookieContainer();
        using var client = await site.LoggedInAsync(cookies);
        var copy = new CookieContainer();
        copy.Add(cookies.GetCookies(site.Address));
        using var thief = site.Client(copy);

        using var logout = await DashboardSite.LogOutAsync(client);
        using var page = await thief.GetAsync(Overview);

        Assert.Equal("/login", logout.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.Found, page.StatusCode);
    }

    [Fact]
    public async Task Logging_out_needs_the_form_of_the_page()
    {
        await using var site = await DashboardSite.StartAsync();
        using var client = await site.LoggedInAsync();

        using var logout = await client.PostAsync(new Uri("/logout", UriKind.Relative), content: null);
        using var page = await client.GetAsync(Overview);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (logout.StatusCode, page.StatusCode));
    }

    [Fact]
    public async Task Session_survives_a_restart_of_the_Logger()
    {
        await using var site = await DashboardSite.StartAsync();
        using var client = await site.LoggedInAsync();

        await site.RestartAsync();
        using var page = await client.GetAsync(Overview);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task Another_password_ends_every_session()
    {
        await using var site = await DashboardSite.StartAsync();
        using var client = await site.LoggedInAsync();
        File.Delete(Path.Combine(site.State, "dashboard-password.hash"));

        await site.RestartAsync();
        using var page = await client.GetAsync(Overview);

        Assert.Equal(HttpStatusCode.Found, page.StatusCode);
    }

    [Fact]
    public async Task Keys_of_the_cookies_are_in_a_folder_for_their_owner_alone()
    {
        await using var site = await DashboardSite.StartAsync();
        using var client = await site.LoggedInAsync();

        var keys = Path.Combine(site.State, "dashboard-keys");

        Assert.NotEmpty(Directory.GetFiles(keys));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(keys));
    }

    private static async Task FailFiveTimesAsync(HttpClient client)
    {
        for (var tries = 0; tries < 5; tries++)
        {
            using var login = await DashboardSite.LogInAsync(client, "wrong");
            Assert.Equal(HttpStatusCode.Unauthorized, login.StatusCode);
        }
    }
}
