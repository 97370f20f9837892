using System.Text.Json;

namespace Appliance.SystemTests;

/// <summary>A change of the firewall that cuts off whoever made it, on a running gateway.</summary>
[Collection("the machine's ports")]
public sealed class ConfirmationTests
{
    [Fact]
    public async Task Ruleset_that_cuts_its_author_off_is_taken_back_though_the_Router_was_killed_before_the_deadline()
    {
        await using var lab = await GatewayLab.LayAsync();
        await using var first = await lab.StartRouterAsync();
        var good = await ApplyAsync(lab, "desk");
        var before = await lab.ListingAsync();

        var bad = await ApplyAsync(lab, "hall", "--no-confirm", "--confirm-within", "10", "--reason", "the wrong zone");
        var during = await lab.ListingAsync();
        var cut = await lab.KnockAsync();
        await first.KillAsync();
        var orphaned = await lab.KnockAsync();
        await PassAsync(bad);
        var overdue = await lab.KnockAsync();
        await using var second = await lab.StartRouterAsync();
        await GatewayLab.UntilAsync(lab.KnockAsync, knock => knock == "open");

        // With no Router running, an open firewall would let the machine answer "refused".
        Assert.Equal(("silent", "silent", "silent"), (cut, orphaned, overdue));
        Assert.NotEqual(before, during);
        Assert.Equal(before, await lab.ListingAsync());
        Assert.Equal(["STATE_REVERTED", "STATE_ACTIVE"], await StatesAsync(lab, bad, good));
        await IsToldAsync(lab, second, bad);
    }

    [Fact]
    public async Task Ruleset_that_cuts_its_author_off_is_taken_back_at_the_deadline()
    {
        await using var lab = await GatewayLab.LayAsync();
        await using var router = await lab.StartRouterAsync();
        var good = await ApplyAsync(lab, "desk");
        var before = await lab.ListingAsync();
        await lab.ImportAsync("hall");

        var applying = lab.OperateAsync("rules", "apply", "--confirm-within", "10", "--reason", "the wrong zone");
        await GatewayLab.UntilAsync(lab.KnockAsync, knock => knock == "silent");
        await GatewayLab.UntilAsync(lab.KnockAsync, knock => knock == "open");
        var applied = await applying;
        var bad = Assert.Single(await lab.AskAsync("rules", "history", "--limit", "1"));

        Assert.NotEqual(0, applied.ExitCode);
        Assert.Contains("was applied and could not be confirmed on a new connection", applied.Error, StringComparison.Ordinal);
        Assert.Equal(before, await lab.ListingAsync());
        Assert.Equal(["STATE_REVERTED", "STATE_ACTIVE"], await StatesAsync(lab, bad, good));
        await IsToldAsync(lab, router, bad);
    }

    [Fact]
    public async Task Ruleset_that_a_new_connection_confirmed_stays_though_the_Router_is_killed_and_the_deadline_passes()
    {
        await using var lab = await GatewayLab.LayAsync();
        await using var first = await lab.StartRouterAsync();
        var applied = await ApplyAsync(lab, "desk", "--no-confirm", "--confirm-within", "10");
        var during = await lab.ListingAsync();

        var confirmed = Assert.Single(await lab.AskAsync("rules", "confirm", Id(applied)));
        await first.KillAsync();
        await PassAsync(applied);
        await using var second = await lab.StartRouterAsync();
        await GatewayLab.UntilAsync(lab.KnockAsync, knock => knock == "open");

        Assert.Equal(("STATE_CONFIRMING", "STATE_ACTIVE"), (State(applied), State(confirmed)));
        Assert.Equal(during, await lab.ListingAsync());
        Assert.Equal(["STATE_ACTIVE"], await StatesAsync(lab, applied));
        Assert.DoesNotContain("RevertRuleset", await lab.AuditAsync(), StringComparison.Ordinal);
    }

    /// <summary>Brings a policy into force in which that network's stations manage the gateway.</summary>
    private static async Task<JsonElement> ApplyAsync(GatewayLab lab, string managing, params string[] options)
    {
        await lab.ImportAsync(managing);
        return Assert.Single(await lab.AskAsync(["rules", "apply", .. options]));
    }

    /// <summary>Waits until the deadline of a ruleset has passed.</summary>
    private static async Task PassAsync(JsonElement ruleset)
    {
        var deadline = ruleset.GetProperty("confirm_deadline_time").GetDateTimeOffset();
        await GatewayLab.UntilAsync(() => Task.FromResult(TimeProvider.System.GetUtcNow()), now => now > deadline);
    }

    private static async Task<IReadOnlyList<string>> StatesAsync(GatewayLab lab, params JsonElement[] rulesets)
    {
        var history = await lab.AskAsync("rules", "history");
        return [.. rulesets.Select(ruleset => State(history.Single(entry => Id(entry) == Id(ruleset))))];
    }

    /// <summary>In the log of the program, and in the audit log under the Router's own name.</summary>
    private static async Task IsToldAsync(GatewayLab lab, RunningAppliance router, JsonElement ruleset)
    {
        Assert.Contains($"Ruleset {Id(ruleset)} of ", router.Log, StringComparison.Ordinal);
        Assert.Contains("was taken back.", router.Log, StringComparison.Ordinal);
        var entry = Assert.Single((await lab.AuditAsync()).Split('\n'), line => line.Contains("RevertRuleset", StringComparison.Ordinal));
        Assert.Contains($"ruleset_id={Id(ruleset)}", entry, StringComparison.Ordinal);
        Assert.EndsWith(": the wrong zone", entry, StringComparison.Ordinal);
    }

    private static string Id(JsonElement ruleset) => ruleset.GetProperty("id").GetString()!;

    private static string State(JsonElement ruleset) => ruleset.GetProperty("state").GetString()!;
}
