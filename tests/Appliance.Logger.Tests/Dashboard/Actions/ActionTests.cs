using System.Net;
using Appliance.Logger.Alerts;
using Appliance.Logger.Site;
using Appliance.Protos.Rules.V1;
using Google.Protobuf;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Logger.Tests.Dashboard.Actions;

/// <summary>What a click changes, at a real router, and what it cannot.</summary>
[Trait("Category", "Slow")]
public sealed class ActionTests
{
    private static readonly Uri Overview = new("/", UriKind.Relative);

    [Fact]
    public async Task Operator_blocks_the_source_of_an_alert()
    {
        await using var site = await StartAsync();
        using var client = await site.LoggedInAsync();

        using var answer = await BlockAsync(client);
        var page = await client.GetStringAsync(Overview);

        Assert.Equal((HttpStatusCode.Found, "/"), (answer.StatusCode, answer.Headers.Location!.ToString()));
        Assert.Contains("192.168.1.66 is blocked.", page, StringComparison.Ordinal);
        Assert.Contains("because of alert A", Assert.Single(await site.BlocksAtRouterAsync()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Second_click_makes_no_second_block()
    {
        await using var site = await StartAsync();
        using var client = await site.LoggedInAsync();
        using var first = await BlockAsync(client);

        using var second = await BlockAsync(client);

        Assert.Single(await site.BlocksAtRouterAsync());
    }

    [Fact]
    public async Task Operator_lifts_a_block()
    {
        await using var site = await StartAsync();
        var id = await BlockAtRouterAsync(site);
        site.Blocks.Replace([new ActiveBlock(id, "198.51.100.7", false, false, "Scan", "", "response", default, DateTimeOffset.MaxValue, 0)]);
        using var client = await site.LoggedInAsync();

        using var answer = await DashboardSite.PostAsync(client, "/actions/unblock", ("block", id));

        Assert.Contains("The block is lifted.", await client.GetStringAsync(Overview), StringComparison.Ordinal);
        Assert.Empty(await site.BlocksAtRouterAsync());
    }

    [Fact]
    public async Task Forged_forms_of_a_reader_are_refused_by_the_router()
    {
        await using var site = await StartAsync();
        var id = await BlockAtRouterAsync(site);
        using var client = await site.LoggedInAsync(account: DashboardSite.Reader);

        using var block = await BlockAsync(client);
        var said = await client.GetStringAsync(Overview);
        using var unblock = await DashboardSite.PostAsync(client, "/actions/unblock", ("block", id));

        Assert.Contains("this account may not do that", said, StringComparison.Ordinal);
        Assert.Equal(id, Assert.Single(await site.BlocksAtRouterAsync()).Id);
    }

    [Theory]
    [InlineData("/actions/block")]
    [InlineData("/actions/unblock")]
    [InlineData("/actions/acknowledge")]
    public async Task Form_without_the_pages_token_changes_nothing(string path)
    {
        await using var site = await StartAsync();
        using var client = await site.LoggedInAsync();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["alert"] = "A", ["duration"] = "hour", ["block"] = await BlockAtRouterAsync(site) });

        using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), form);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Single(await site.BlocksAtRouterAsync());
    }

    [Fact]
    public async Task Form_sent_from_another_site_is_refused()
    {
        await using var site = await StartAsync();
        using var client = await site.LoggedInAsync();
        client.DefaultRequestHeaders.Add("Origin", "https://evil.example");

        using var answer = await BlockAsync(client);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(await site.BlocksAtRouterAsync());
    }

    [Fact]
    public async Task Nobody_acts_without_a_session()
    {
        await using var site = await StartAsync();
        using var client = site.Client();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["alert"] = "A", ["duration"] = "hour" });

        using var answer = await client.PostAsync(new Uri("/actions/block", UriKind.Relative), form);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Empty(await site.BlocksAtRouterAsync());
    }

    [Fact]
    public async Task Right_to_act_ends_after_an_hour_and_seeing_goes_on()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var site = await StartAsync(clock);
        using var client = await site.LoggedInAsync();
        for (var minutes = 0; minutes <= 60; minutes += 20)
        {
            using var kept = await client.PostAsync(new Uri("/session", UriKind.Relative), content: null);
            clock.Advance(TimeSpan.FromMinutes(20));
        }

        var page = await client.GetStringAsync(Overview);
        using var answer = await BlockAsync(client);

        Assert.Contains("your right to act has ended", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/actions/block", page, StringComparison.Ordinal);
        Assert.Empty(await site.BlocksAtRouterAsync());
    }

    [Fact]
    public async Task Right_to_act_does_not_outlive_the_Logger()
    {
        await using var site = await StartAsync();
        using var client = await site.LoggedInAsync();

        await site.RestartAsync();
        using var answer = await BlockAsync(client);

        Assert.Contains("your right to act has ended", await client.GetStringAsync(Overview), StringComparison.Ordinal);
        Assert.Empty(await site.BlocksAtRouterAsync());
    }

    [Fact]
    public async Task Click_while_the_router_is_away_says_so()
    {
        await using var site = await StartAsync();
        using var client = await site.LoggedInAsync();
        await site.Router.StopAsync(TestContext.Current.CancellationToken);

        using var answer = await BlockAsync(client);

        Assert.Contains("The router does not answer, so this could not be done.", await client.GetStringAsync(Overview), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere", "hour", "There is no such alert any more")]
    [InlineData("A", "forever", "Say for how long")]
    [InlineData("M", "hour", "names no address")]
    public async Task Form_that_makes_no_sense_is_answered_in_words(string alert, string duration, string text)
    {
        await using var site = await StartAsync();
        site.Store(Samples.Alert("M", 2, TimeProvider.System.GetUtcNow()) with { Source = "several" });
        using var client = await site.LoggedInAsync();

        using var answer = await DashboardSite.PostAsync(client, "/actions/block", ("alert", alert), ("duration", duration));

        Assert.Contains(text, await client.GetStringAsync(Overview), StringComparison.Ordinal);
        Assert.Empty(await site.BlocksAtRouterAsync());
    }

    private static async Task<DashboardSite> StartAsync(TimeProvider? clock = null)
    {
        var site = await DashboardSite.StartAsync(clock);
        site.Store(Samples.Alert("A", 1, (clock ?? TimeProvider.System).GetUtcNow()));
        return site;
    }

    private static Task<HttpResponseMessage> BlockAsync(HttpClient client) =>
        DashboardSite.PostAsync(client, "/actions/block", ("alert", "A"), ("duration", "hour"), ("request", "one"), ("return", "/"));

    private static async Task<string> BlockAtRouterAsync(DashboardSite site)
    {
        var request = new CreateBlockRequest { Address = ByteString.CopyFrom(198, 51, 100, 7), Action = Block.Types.Action.Drop, Reason = "Scan" };
        return (await site.Rules.CreateBlockAsync(request, cancellationToken: TestContext.Current.CancellationToken)).Block.Id;
    }
}
