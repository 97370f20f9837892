using System.Net;
using Appliance.Hosting;
using Appliance.Hosting.Health;
using Appliance.Logger.Alerts;
using Appliance.Logger.Site;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Logger.Tests.Dashboard.Pages;

/// <summary>The page as it is answered, before any script runs.</summary>
[Trait("Category", "Slow")]
public sealed class OverviewPageTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task Empty_site_says_so_in_words()
    {
        await using var site = await DashboardSite.StartAsync();

        var page = await GetAsync(site, "/");

        Assert.All(["No alerts yet.", "No traffic seen yet.", "this is what was known last"], text => Assert.Contains(text, page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Site_whose_nodes_are_up_is_protected()
    {
        await using var site = await DashboardSite.StartAsync();
        ConnectAll(site);

        var page = await GetAsync(site, "/");

        Assert.Contains(">Protected<", page, StringComparison.Ordinal);
        Assert.Contains("All 4 nodes are up.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lost_node_degrades_the_site_and_the_page_says_what_that_means()
    {
        await using var site = await DashboardSite.StartAsync();
        ConnectAll(site);
        site.Nodes.Lost(Role.Detector);

        var page = await GetAsync(site, "/");

        Assert.Contains(">Degraded<", page, StringComparison.Ordinal);
        Assert.Contains("The detector does not answer. Nothing new is detected", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Worst_part_of_a_degraded_node_is_named()
    {
        await using var site = await DashboardSite.StartAsync();
        ConnectAll(site);
        site.Nodes.Reported(Role.Router, new NodePart("flows", PartState.Degraded, "table full", Now));
        site.Nodes.Reported(Role.Router, new NodePart("capture", PartState.Failed, "interface eth1 is gone", Now));

        var page = await GetAsync(site, "/");

        Assert.Contains("The router works with limits: capture: interface eth1 is gone", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Blocks_that_the_kernel_does_not_have_degrade_the_site()
    {
        await using var site = await DashboardSite.StartAsync();
        ConnectAll(site);
        site.Blocks.Replace([Block("b1", "198.51.100.7") with { IsRendered = true }]);

        var page = await GetAsync(site, "/");

        Assert.Contains("Blocks are shown but not enforced", page, StringComparison.Ordinal);
        Assert.Contains(">Would block<", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Block_in_force_tells_target_reason_alert_and_expiry()
    {
        await using var site = await DashboardSite.StartAsync(new FakeTimeProvider(Now.AddMinutes(1)));
        site.Blocks.Replace([Block("b1", "198.51.100.7")]);

        var page = await GetAsync(site, "/");

        Assert.All(
            ["198.51.100.7", "Scan of 5 addresses", "/alerts/01JDFX0000000000000000000A", ">59 min<"],
            text => Assert.Contains(text, page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Numbers_count_open_alerts_and_lead_to_their_list()
    {
        await using var site = await DashboardSite.StartAsync();
        site.Store(
            Alert("A", 1, "high"), Alert("B", 2, "high"), Alert("C", 3, "low"),
            Alert("D", 4, "high") with { Evidence = new AlertEvidence(1, Now.AddHours(-3), Now.AddHours(-2)) });

        var page = await GetAsync(site, "/");
        var list = await GetAsync(site, "/?severity=high&open=true");

        Assert.Matches("(?s)href=\"/\\?severity=high&amp;open=true#alerts\">\\s*<span class=\"figure\">2</span>", page);
        Assert.Equal(["B", "A"], Ids(list));
    }

    [Theory]
    [InlineData("/", "DCBA")]
    [InlineData("/?severity=critical", "D")]
    [InlineData("/?category=flood", "C")]
    [InlineData("/?source=198.51.100.7", "BA")]
    [InlineData("/?severity=low&category=scan&source=198.51.100.7", "A")]
    [InlineData("/?severity=nonsense&category=%3Cscript%3E&before=x-y", "DCBA")]
    [InlineData("/?source=%27%20OR%201%3D1%20--", "")]
    public async Task Address_filters_the_inbox(string address, string expected)
    {
        await using var site = await DashboardSite.StartAsync();
        site.Store(
            Alert("A", 1, "low") with { Source = "198.51.100.7" },
            Alert("B", 2, "medium") with { Source = "198.51.100.7" },
            Alert("C", 3, "medium") with { Category = "flood" },
            Alert("D", 4, "critical"));

        var page = await GetAsync(site, address);

        Assert.Equal(expected, string.Concat(Ids(page)));
    }

    [Fact]
    public async Task Filter_without_a_hit_says_so()
    {
        await using var site = await DashboardSite.StartAsync();
        site.Store(Alert("A", 1, "low"));

        var page = await GetAsync(site, "/?severity=critical");

        Assert.Contains("No alert fits this filter.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Older_alerts_are_a_page_further_and_none_is_left_out()
    {
        await using var site = await DashboardSite.StartAsync();
        site.Store([.. Enumerable.Range(1, 60).Select(number => Alert($"{number:00}", number, "low"))]);
        var seen = new List<string>();
        string? address = "/?severity=low";
        while (address is not null)
        {
            var page = await GetAsync(site, address);
            seen.AddRange(Ids(page));
            address = Older(page);
        }

        Assert.Equal(Enumerable.Range(1, 60).Reverse().Select(number => $"{number:00}"), seen);
    }

    [Fact]
    public async Task Alert_page_tells_everything_about_one_alert()
    {
        await using var site = await DashboardSite.StartAsync();
        site.Store(Alert("A", 1, "medium") with { SourceConfirmed = true, SourceMac = "02:00:00:00:00:01" });

        var page = await GetAsync(site, "/alerts/A");

        Assert.All(
            ["Scan from", "192.168.1.66", "192.168.1.10", "SSH (tcp/22)", "24 events in 8 s", "T1046", "97", "threshold-random-walk",
                "24 of 25 first contacts", "confirmed by a completed handshake", "02:00:00:00:00:01"],
            text => Assert.Contains(text, page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Alert_that_is_not_there_is_told_so()
    {
        await using var site = await DashboardSite.StartAsync();

        var page = await GetAsync(site, "/alerts/nothing");

        Assert.Contains("There is no such alert", page, StringComparison.Ordinal);
    }

    private static void ConnectAll(DashboardSite site)
    {
        site.Blocks.Replace([]);
        foreach (var role in Enum.GetValues<Role>())
        {
            site.Nodes.Connected(role);
        }
    }

    private static StoredAlert Alert(string id, long revision, string severity) =>
        Samples.Alert(id, revision, Now.AddMinutes(-10).AddSeconds(revision)) with { Severity = severity };

    private static ActiveBlock Block(string id, string target) => new(
        id, target, IsRateLimit: false, IsRendered: false, "Scan of 5 addresses", "01JDFX0000000000000000000A", "response", Now, Now.AddMinutes(60), 0);

    private static async Task<string> GetAsync(DashboardSite site, string address)
    {
        using var client = await site.LoggedInAsync();
        return await client.GetStringAsync(new Uri(address, UriKind.Relative));
    }

    private static IEnumerable<string> Ids(string page) => PageText.AlertLink().Matches(page).Select(match => match.Groups["id"].Value);

    private static string? Older(string page) =>
        PageText.OlderLink().Match(page) is { Success: true } match ? WebUtility.HtmlDecode(match.Groups["address"].Value) : null;
}
