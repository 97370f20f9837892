using Appliance.Logger.Alerts;
using Appliance.Logger.Site;
using Microsoft.Playwright;

namespace Appliance.Logger.Tests.Dashboard.Pages;

/// <summary>The page as a real browser shows it; skipped where there is no Chromium.</summary>
[Trait("Category", "Slow")]
public sealed class BrowserTests : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    // What the network of this place cannot bear, and what a test does not need.
    private static readonly string[] Arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    // A slow machine that is shared: a bound for the worst case, not a wait.
    private const float Patience = 60_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(File.Exists(Chromium), $"{Chromium} is not installed.");
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = Arguments });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    [Fact]
    public async Task Log_in_and_filter_work_without_scripts()
    {
        await using var site = await DashboardSite.StartAsync();
        var now = TimeProvider.System.GetUtcNow();
        site.Store(Samples.Alert("A", 1, now), Samples.Alert("B", 2, now) with { Severity = "high", Source = "198.51.100.7" });
        var page = await OpenAsync(site, scripts: false);

        await LogInAsync(page);
        await page.Locator("select[name=severity]").SelectOptionAsync("medium");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Filter" }).ClickAsync();

        await Assertions.Expect(page.Locator(".alert .source")).ToHaveTextAsync(["192.168.1.66"]);
    }

    [Fact]
    public async Task Alert_stored_while_the_page_is_open_appears_by_itself()
    {
        await using var site = await DashboardSite.StartAsync();
        var page = await OpenAsync(site);
        await LogInAsync(page);
        await Assertions.Expect(page.Locator(".live.on")).ToBeVisibleAsync();
        await page.EvaluateAsync("document.documentElement.dataset.loaded = 'once'");

        site.Store(Samples.Alert("A", 1, TimeProvider.System.GetUtcNow()));
        site.Traffic.Add(new TrafficPoint(TimeProvider.System.GetUtcNow(), 1200, 9_800_000, 3, 10, 0));

        await Assertions.Expect(page.Locator(".alert .source")).ToHaveTextAsync(["192.168.1.66"]);
        await Assertions.Expect(page.Locator(".number.medium .figure")).ToHaveTextAsync("1");
        await Assertions.Expect(page.Locator(".plot canvas")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-loaded", "once");
    }

    [Fact]
    public async Task Filter_goes_into_the_address_and_an_alert_opens_in_place()
    {
        await using var site = await DashboardSite.StartAsync();
        var now = TimeProvider.System.GetUtcNow();
        site.Store(Samples.Alert("A", 1, now), Samples.Alert("B", 2, now) with { Severity = "high", Source = "198.51.100.7" });
        var page = await OpenAsync(site);
        await LogInAsync(page);
        await Assertions.Expect(page.Locator(".live.on")).ToBeVisibleAsync();

        await page.Locator("select[name=severity]").SelectOptionAsync("high");
        await Assertions.Expect(page.Locator(".alert .source")).ToHaveTextAsync(["198.51.100.7"]);
        await page.Locator(".alert summary").ClickAsync();

        await Assertions.Expect(page.GetByText("24 of 25 first contacts")).ToBeVisibleAsync();
        Assert.Equal("/?severity=high", new Uri(page.Url).PathAndQuery);
    }

    [Fact]
    public async Task Hostile_names_are_shown_as_text_and_nothing_of_them_runs()
    {
        const string Attack = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">\r\n\u001b[31mred\u202Egnp";
        await using var site = await DashboardSite.StartAsync();
        site.Store(Hostile(Attack), Hostile(new string('A', 64 * 1024)) with { Id = "B", Revision = 2 });
        site.Blocks.Replace([new ActiveBlock(Attack, Attack, false, false, Attack, "\"><script>", "response", default, DateTimeOffset.MaxValue, 0)]);
        var page = await OpenAsync(site);
        var faults = new List<string>();
        page.Console += (_, message) => faults.AddRange(message.Type == "error" ? [message.Text] : Array.Empty<string>());
        page.PageError += (_, error) => faults.Add(error);

        await LogInAsync(page);
        await Assertions.Expect(page.Locator(".live.on")).ToBeVisibleAsync();
        await page.Locator(".alert summary").First.ClickAsync();

        await Assertions.Expect(page.Locator(".alert .source").Nth(1)).ToContainTextAsync("<script>document.title='owned'</script>");
        await Assertions.Expect(page).ToHaveTitleAsync("home · IoT gateway");
        Assert.Equal(0, await page.Locator("main script, main img").CountAsync());
        Assert.True((await page.Locator("main").InnerTextAsync()).Length < 20_000);
        Assert.Empty(faults);
    }

    [Fact]
    public async Task Session_that_ended_elsewhere_closes_the_open_page()
    {
        await using var site = await DashboardSite.StartAsync();
        var page = await OpenAsync(site);
        await LogInAsync(page);
        await Assertions.Expect(page.Locator(".live.on")).ToBeVisibleAsync();

        var other = await page.Context.NewPageAsync();
        await other.GotoAsync(site.Address.ToString());
        await other.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Log out" }).ClickAsync();

        await Assertions.Expect(page.Locator("#password")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Click_on_an_alert_blocks_its_source_at_the_router(bool scripts)
    {
        await using var site = await DashboardSite.StartAsync();
        site.Store(Samples.Alert("A", 1, TimeProvider.System.GetUtcNow()));
        var page = await OpenAsync(site, scripts);
        await LogInAsync(page);
        if (scripts)
        {
            // The live page takes the place of the one sent first, opened alerts and all.
            await Assertions.Expect(page.Locator(".live.on")).ToBeVisibleAsync();
        }

        await page.Locator(".alert summary").ClickAsync();
        await page.GetByRole(AriaRole.Combobox, new PageGetByRoleOptions { Name = "How long to block" }).SelectOptionAsync("day");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Block 192.168.1.66" }).ClickAsync();

        await Assertions.Expect(page.Locator(".notice.done")).ToHaveTextAsync("192.168.1.66 is blocked.");
        var block = Assert.Single(await site.BlocksAtRouterAsync());
        Assert.Equal([192, 168, 1, 66], block.Address.ToByteArray());
        Assert.Equal("spiffe://home/operator/operator via spiffe://home/node/node1/logger", block.Creator);
        Assert.Equal(TimeSpan.FromDays(1), (block.ExpireTime - block.CreateTime).ToTimeSpan());
    }

    [Fact]
    public async Task Reader_sees_alerts_and_blocks_and_no_button_to_change_them()
    {
        await using var site = await DashboardSite.StartAsync();
        site.Store(Samples.Alert("A", 1, TimeProvider.System.GetUtcNow()));
        site.Blocks.Replace([new ActiveBlock("b1", "198.51.100.7", false, false, "Scan", "", "response", default, DateTimeOffset.MaxValue, 0)]);
        var page = await OpenAsync(site);
        await LogInAsync(page, DashboardSite.Reader);
        await Assertions.Expect(page.Locator(".live.on")).ToBeVisibleAsync();

        await page.Locator(".alert summary").ClickAsync();

        await Assertions.Expect(page.GetByText("24 of 25 first contacts")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".blocks .target")).ToHaveTextAsync(["198.51.100.7"]);
        Assert.Equal(0, await page.Locator("form.acting").CountAsync());
    }

    private static StoredAlert Hostile(string text)
    {
        var alert = Samples.Alert("A", 1, TimeProvider.System.GetUtcNow());
        return alert with
        {
            Source = text,
            Destinations = [.. Enumerable.Repeat(text, 32)],
            Service = text,
            Technique = text,
            Detector = text,
            Explanations = [new AlertExplanation(text, double.MaxValue, 1, text)],
        };
    }

    private async Task<IPage> OpenAsync(DashboardSite site, bool scripts = true)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions { IgnoreHTTPSErrors = true, JavaScriptEnabled = scripts });
        context.SetDefaultTimeout(Patience);
        Assertions.SetDefaultExpectTimeout(Patience);
        var page = await context.NewPageAsync();
        await page.GotoAsync(site.Address.ToString());
        return page;
    }

    private static async Task LogInAsync(IPage page, string account = DashboardSite.Operator)
    {
        await page.GetByLabel("Account").FillAsync(account);
        await page.GetByLabel("Password").FillAsync(DashboardSite.Password);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Log in" }).ClickAsync();
    }
}
