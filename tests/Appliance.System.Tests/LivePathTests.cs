using System.Text.Json;
using Microsoft.Playwright;

namespace Appliance.SystemTests;

/// <summary>The running program, met by the clients that its users have.</summary>
[Collection("the machine's ports")]
public sealed class LivePathTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Every_service_answers_buf_curl_through_reflection()
    {
        var buf = Environment.GetEnvironmentVariable("APPLIANCE_BUF");
        Assert.SkipWhen(string.IsNullOrEmpty(buf), "APPLIANCE_BUF names no buf binary; ./test sets it.");
        using var folder = new StateFolder();
        await using var appliance = await RunningAppliance.StartAsync(folder.Path, new Dictionary<string, string>(), "--speed", "10");

        foreach (var (port, service, method, request) in (( int, string, string, string)[])[
            (7443, "appliance.traffic.v1.TrafficService", "GetTrafficSummary", "{}"),
            (7443, "appliance.rules.v1.RuleService", "ListBlocks", "{}"),
            (7443, "appliance.node.v1.NodeService", "GetNode", "{}"),
            (7443, "grpc.health.v1.Health", "Check", "{}"),
            (7444, "appliance.history.v1.HistoryService", "ListAlerts", "{}"),
            (7444, "appliance.node.v1.NodeService", "GetNode", "{}"),
            (7445, "appliance.alerts.v1.AlertService", "AcknowledgeAlert", """{"alert_id":"01AAAAAAAAAAAAAAAAAAAAAAAA"}"""),
            (7445, "appliance.node.v1.NodeService", "GetNode", "{}"),
            (7446, "appliance.bmc.v1.BmcService", "ListSlots", "{}"),
            (7446, "appliance.node.v1.NodeService", "GetNode", "{}"),
        ])
        {
            var listed = await Tool.RunAsync(Short, buf!, ["curl", "--protocol", "grpc", .. appliance.BufTls("operator"), "--list-services", $"https://localhost:{port}"]);
            Assert.Contains(service, listed.Output.Split('\n'));

            var answer = await Tool.RunAsync(Short, buf!, ["curl", "--protocol", "grpc", .. appliance.BufTls("operator"), "-d", request, $"https://localhost:{port}/{service}/{method}"]);

            // Acknowledging an alert that is not there is answered too: by name.
            Assert.True(answer.ExitCode == 0 || answer.All.Contains("not_found", StringComparison.OrdinalIgnoreCase), $"{service}/{method}: {answer.All}");
        }
    }

    [Fact]
    public async Task A_stranger_and_a_subscriber_are_refused()
    {
        var buf = Environment.GetEnvironmentVariable("APPLIANCE_BUF");
        Assert.SkipWhen(string.IsNullOrEmpty(buf), "APPLIANCE_BUF names no buf binary; ./test sets it.");
        using var folder = new StateFolder();
        await using var appliance = await RunningAppliance.StartAsync(folder.Path, new Dictionary<string, string>());

        var stranger = await Tool.RunAsync(Short, buf!, "curl", "--protocol", "grpc", "--cacert", $"{appliance.Pki}/ca.crt", "--list-services", "https://localhost:7443");
        var subscriber = await Tool.RunAsync(Short, buf!, ["curl", "--protocol", "grpc", .. appliance.BufTls("subscriber"), "-d", "{}", "https://localhost:7443/appliance.rules.v1.RuleService/ListBlocks"]);

        Assert.NotEqual(0, stranger.ExitCode);
        Assert.NotEqual(0, subscriber.ExitCode);
    }

    [Fact]
    public async Task An_attack_reaches_subscriber_page_and_kernel_and_its_block_expires()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Enforcing in a namespace needs root.");
        Assert.SkipUnless(Tool.Has("mosquitto_sub") && Tool.Has("chromium"), "mosquitto_sub or chromium is missing; ./test installs both.");
        using var folder = new StateFolder();
        var settings = new Dictionary<string, string>
        {
            ["APPLIANCE__ROUTER__CAPTURE__LOOP"] = "false",
            ["APPLIANCE__ROUTER__RESPONSE__DURATION"] = "00:00:20",
        };
        await using var appliance = await RunningAppliance.StartAsync(folder.Path, settings, "--speed", "10");

        var scan = await FirstAlertAsync(appliance, "appliance/home/alerts/+/scan");
        await appliance.LineAsync("BLOCKED ");
        var seen = await BlockedElementsAsync();
        await SeesOnPageAsync(appliance, scan.GetProperty("source").GetString()!);
        var gone = await ExpiredElementsAsync();

        Assert.Contains("expires", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("expires", gone, StringComparison.Ordinal);
        Assert.Equal(0, await appliance.StopAsync());
    }

    [Fact]
    public async Task A_click_on_the_page_lifts_a_block_and_sets_one_in_the_kernel()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Enforcing in a namespace needs root.");
        Assert.SkipUnless(Tool.Has("chromium"), "chromium is missing; ./test installs it.");
        using var folder = new StateFolder();
        await using var appliance = await RunningAppliance.StartAsync(folder.Path, new Dictionary<string, string> { ["APPLIANCE__ROUTER__CAPTURE__LOOP"] = "false" }, "--speed", "20");
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await LaunchAsync(playwright);
        var page = await LogInAsync(browser, appliance);
        var blocked = page.Locator(".blocks li").Filter(new LocatorFilterOptions { Has = page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Unblock" }) }).First;
        var alert = await blocked.GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { Name = "Alert" }).GetAttributeAsync("href");

        await blocked.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.Locator(".notice.done")).ToHaveTextAsync("The block is lifted.");
        await page.GotoAsync($"https://localhost:8443{alert}");
        var source = await page.Locator("h1 .source").InnerTextAsync();
        await page.Locator("form[action='/actions/block'] button").ClickAsync();

        await Assertions.Expect(page.Locator(".notice.done")).ToContainTextAsync("is blocked.");
        Assert.Contains(source, await BlockedElementsAsync(), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> FirstAlertAsync(RunningAppliance appliance, string topic)
    {
        var heard = await Tool.RunAsync(
            TimeSpan.FromSeconds(120), "mosquitto_sub", ["-h", "localhost", "-p", "8883", .. appliance.MosquittoTls("subscriber"), "-i", "system-test", "-q", "1", "-t", topic, "-C", "1"]);
        Assert.True(heard.ExitCode == 0, heard.All + appliance.Log);
        var alert = JsonDocument.Parse(heard.Output).RootElement;
        Assert.Equal(1, alert.GetProperty("schema").GetInt32());
        return alert;
    }

    private static async Task SeesOnPageAsync(RunningAppliance appliance, string source)
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await LaunchAsync(playwright);
        var page = await LogInAsync(browser, appliance);

        await page.GetByText(source).First.WaitForAsync(new LocatorWaitForOptions { Timeout = 30_000 });
    }

    private static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
    {
        ExecutablePath = Tool.Find("chromium"),
        Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });

    private static async Task<IPage> LogInAsync(IBrowser browser, RunningAppliance appliance)
    {
        var page = await browser.NewPageAsync(new BrowserNewPageOptions { IgnoreHTTPSErrors = true });
        page.SetDefaultTimeout(60_000);
        Assertions.SetDefaultExpectTimeout(60_000);
        await page.GotoAsync("https://localhost:8443/");
        await page.Locator("input[type=password]").FillAsync((await File.ReadAllTextAsync(Path.Combine(appliance.State, "dashboard-password"))).Trim());
        await page.Locator("button[type=submit]").ClickAsync();
        // The live page takes the place of the one sent first: a click in between would meet a button that is gone.
        await Assertions.Expect(page.Locator(".live.on")).ToBeVisibleAsync();
        return page;
    }

    /// <summary>What the kernel's block sets hold.</summary>
    private static async Task<string> BlockedElementsAsync()
    {
        var text = "";
        foreach (var set in (string[])["blocked4", "blocked6", "blocked_mac"])
        {
            text += (await Tool.RunAsync(Short, "ip", "netns", "exec", "appliance", "nft", "list", "set", "inet", "appliance", set)).Output;
        }

        return text;
    }

    /// <summary>What they hold once nothing is left; the last reading when that never comes.</summary>
    /// <remarks>Asked again and again, as the kernel tells nobody of an element whose time is up: only of those that somebody deletes (nft_set_hash.c, garbage collection).</remarks>
    private static async Task<string> ExpiredElementsAsync()
    {
        var end = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(90);
        string text;
        while ((text = await BlockedElementsAsync()).Contains("expires", StringComparison.Ordinal) && TimeProvider.System.GetUtcNow() < end)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, CancellationToken.None);
        }

        return text;
    }
}
