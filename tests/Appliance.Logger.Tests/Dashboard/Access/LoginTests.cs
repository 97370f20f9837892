using System.Net;
using System.Runtime.Versioning;
using Appliance.Logger.Dashboard.Access;
using Appliance.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Logger.Tests.Dashboard.Access;

[SupportedOSPlatform("linux")]
[Trait("Category", "Slow")]
public sealed class LoginTests
{
    private static readonly Uri Overview = new("/", UriKind.Relative);

    [Fact]
    public async Task Right_password_opens_the_overview()
    {
        await using var site = await DashboardSite.StartAsync();
        using var client = site.Client();
        using var login = await DashboardSite.LogInAsync(client);

        using var page = await client.GetAsync(Overview);

        Assert.Equal((HttpStatusCode.Found, "/"), (login.StatusCode, login.Headers.Location!.ToString()));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task Cookie_is_out_of_reach_of_scripts_and_other_sites()
    {
        await using var site = await DashboardSite.StartAsync();
        using var client = site.Client();

        using var login = await DashboardSite.LogInAsync(client);

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

        using var login = await DashboardSite.LogInAsync(client, returnUrl: asked);

        Assert.Equal(led, login.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Wrong_password_is_refused_in_words()
    {
        await using var site = await DashboardSite.StartAsync();
        using var client = site.Client();

        using var login = await DashboardSite.LogInAsync(client, "wrong");

        Assert.Equal(HttpStatusCode.Unauthorized, login.StatusCode);
        Assert.Contains("That is not the password of this account.", await login.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_five_wrong_passwords_the_right_one_has_to_wait()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var site = await DashboardSite.StartAsync(clock);
        using var client = site.Client();
        await FailFiveTimesAsync(client);

        using var early = await DashboardSite.LogInAsync(client);

        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(1)), (early.StatusCode, early.Headers.RetryAfter!.Delta));
    }

    [Fact]
    public async Task Delay_is_counted_by_the_browsers_address_and_not_by_the_Loggers()
    {
        var clock = new PauseClock();
        await using var site = await DashboardSite.StartAsync(clock);
        using var known = site.Client();
        using var first = await DashboardSite.LogInAsync(known);
        using var guesser = site.Client(from: IPAddress.Parse("127.0.0.66"));
        await FailFiveTimesAsync(guesser);
        using var again = site.Client();

        using var login = await DashboardSite.LogInAsync(again);

        Assert.Equal(HttpStatusCode.Found, login.StatusCode);
    }

    [Fact]
    public async Task Nobody_logs_in_while_the_router_is_away_and_who_is_logged_in_goes_on_seeing()
    {
        await using var site = await DashboardSite.StartAsync();
        using var inside = await site.LoggedInAsync();
        using var outside = site.Client();
        await site.Router.StopAsync(TestContext.Current.CancellationToken);

        using var login = await DashboardSite.LogInAsync(outside);
        using var page = await inside.GetAsync(Overview);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, login.StatusCode);
        Assert.Contains("The router does not answer", await login.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task Token_never_reaches_the_browser()
    {
        await using var site = await DashboardSite.StartAsync();
        using var client = site.Client();

        using var login = await DashboardSite.LogInAsync(client);
        var page = await client.GetStringAsync(Overview);

        // Neither the token that the Logger holds, nor a part of it, nor anything of a JWT's form; three letters of one turn up in what is encrypted by chance.
        var seen = login.Headers.ToString() + page;
        var held = Assert.Single(site.App.Services.GetRequiredService<SessionTable>().Rights()).Right.Token;
        Assert.All(held.Split('.'), part => Assert.DoesNotContain(part, seen, StringComparison.Ordinal));
        Assert.DoesNotMatch(@"eyJ[\w-]{10,}\.[\w-]{10,}", seen);
    }

    [Fact]
    public async Task Logging_out_ends_the_session_at_the_router_too()
    {
        await using var site = await DashboardSite.StartAsync();
        using var client = await site.LoggedInAsync();
        var before = await site.SessionsAtRouterAsync();

        using var logout = await DashboardSite.LogOutAsync(client);

        Assert.Equal((1, 0), (before, await site.SessionsAtRouterAsync()));
    }

    [Fact]
    public async Task Form_without_its_token_is_refused_and_offered_anew()
    {
        await using var site = await DashboardSite.StartAsync();
        using var client = site.Client();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["password"] = DashboardSite.Password });

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

    [Fact(Timeout = 120_000)]
    public async Task Changed_account_sees_nothing_more_within_a_minute()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var site = await DashboardSite.StartAsync(clock);
        using var client = await site.LoggedInAsync();
        using (var accounts = site.OpenAccounts())
        {
            accounts.Change(DashboardSite.Operator, kind: null, "another-password");
        }

        clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(HttpStatusCode.Found, await FirstOtherThanAsync(HttpStatusCode.OK, client, TestContext.Current.CancellationToken));
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

    // The Logger asks the router in its own time; each request here gives it some.
    private static async Task<HttpStatusCode> FirstOtherThanAsync(HttpStatusCode status, HttpClient client, CancellationToken token)
    {
        var seen = status;
        while (seen == status && !token.IsCancellationRequested)
        {
            using var page = await client.GetAsync(Overview, token);
            seen = page.StatusCode;
        }

        return seen;
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
