using Appliance.Router.Response;
using Appliance.Router.Rules;
using static Appliance.Router.Tests.Response.Facts;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Response;

public sealed class ResponsePolicyTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void A_confirmed_source_outside_is_blocked_by_its_address()
    {
        Assert.Equal([new Answer(Target("203.0.113.7"), BlockAction.Drop, 0)], Decide(Scan()));
    }

    [Theory]
    [InlineData("192.168.1.20")]
    [InlineData("10.9.9.9")]
    [InlineData("fe80::20")]
    public void A_local_source_is_blocked_by_its_station(string source)
    {
        Assert.Equal([new Answer(Target(Station), BlockAction.Drop, 0)], Decide(Scan(source) with { IsSourceConfirmed = false }));
    }

    [Fact]
    public void A_local_source_without_a_station_is_blocked_by_its_address_once_confirmed()
    {
        Assert.Equal([new Answer(Target("192.168.1.20"), BlockAction.Drop, 0)], Decide(Scan("192.168.1.20") with { SourceMac = default }));
    }

    [Fact]
    public void A_source_that_is_a_station_is_blocked()
    {
        Assert.Equal([new Answer(Target(Station), BlockAction.Drop, 0)], Decide(Scan(Station) with { IsSourceConfirmed = false, Destinations = [] }));
    }

    [Fact]
    public void An_unconfirmed_source_outside_gets_its_targets_limited()
    {
        Assert.Equal(
            [new Answer(Target("198.51.100.1"), BlockAction.RateLimit, 100), new Answer(Target("198.51.100.2"), BlockAction.RateLimit, 100)],
            Decide(Scan() with { IsSourceConfirmed = false }));
    }

    [Fact]
    public void A_flood_gets_each_target_limited_once_and_what_is_no_host_left_out()
    {
        var answers = Decide(Flood("198.51.100.1", "198.51.100.1", "2001:db8::5", "224.0.0.251", "0.0.0.0", Station, "nonsense"));

        Assert.Equal(["198.51.100.1", "2001:db8::5"], answers.Select(answer => answer.Target.ToString()));
        Assert.All(answers, answer => Assert.Equal(BlockAction.RateLimit, answer.Action));
    }

    [Fact]
    public void Protected_sources_and_targets_are_never_answered()
    {
        var policy = new ResponsePolicy(new ResponseOptions());

        Assert.Empty(policy.Decide(Scan(), target => target == Target("203.0.113.7")).Answers);
        Assert.Empty(policy.Decide(Flood("198.51.100.1"), target => target == Target("198.51.100.1")).Answers);
    }

    [Fact]
    public void A_protected_station_in_front_of_a_local_source_is_passed_over()
    {
        var decision = new ResponsePolicy(new ResponseOptions()).Decide(Scan("192.168.1.20"), target => target == Target(Station));

        Assert.Equal(["192.168.1.20"], decision.Answers.Select(answer => answer.Target.ToString()));
    }

    [Fact]
    public void Weak_alerts_and_other_categories_are_not_answered()
    {
        Assert.Empty(Decide(Scan() with { Severity = AlertSeverity.Low }));
        Assert.Empty(Decide(Scan() with { Confidence = 0.4 }));
        Assert.Empty(Decide(Scan() with { Category = "anomaly" }));
        Assert.Empty(Decide(Scan() with { Category = "" }));
        Assert.Empty(Decide(Scan("nonsense")));
    }

    [Fact]
    public void Allowed_devices_and_networks_are_spared_and_the_reason_says_by_what()
    {
        var policy = new ResponsePolicy(new ResponseOptions { AllowDevices = [Station], AllowNetworks = ["203.0.113.0/24"] });

        var byDevice = policy.Decide(Scan("192.168.1.20"), _ => false);
        var bySource = policy.Decide(Scan(Station), _ => false);
        var byNetwork = policy.Decide(Scan() with { SourceMac = default }, _ => false);
        var other = policy.Decide(Scan("198.51.100.7") with { SourceMac = default }, _ => false);

        Assert.All((ResponseDecision[])[byDevice, bySource, byNetwork], decision => Assert.True(decision is { IsSpared: true, Answers.Count: 0 }));
        Assert.Equal("192.168.1.20 is device 02:00:5e:00:53:07, which Router:Response:AllowDevices spares.", byDevice.Reason);
        Assert.Equal("203.0.113.7 is in 203.0.113.0/24, which Router:Response:AllowNetworks spares.", byNetwork.Reason);
        Assert.Single(other.Answers);
    }

    [Fact]
    public void A_flood_with_forged_sources_is_limited_whatever_address_they_show_and_a_proven_one_is_spared()
    {
        var policy = new ResponsePolicy(new ResponseOptions { AllowZones = ["lan"], AllowNetworks = ["203.0.113.0/24"] });

        var forged = policy.Decide(Flood("198.51.100.1") with { Zone = "lan" }, _ => false);
        var proven = policy.Decide(Flood("198.51.100.1") with { IsSourceConfirmed = true }, _ => false);

        Assert.Equal(BlockAction.RateLimit, Assert.Single(forged.Answers).Action);
        Assert.Empty(proven.Answers);
    }

    [Fact]
    public void What_is_protected_is_spared_and_what_is_weak_is_not_worth_the_word()
    {
        var policy = new ResponsePolicy(new ResponseOptions());

        Assert.True(policy.Decide(Scan(), _ => true).IsSpared);
        Assert.True(policy.Decide(Flood("198.51.100.1"), _ => true).IsSpared);
        Assert.False(policy.Decide(Scan() with { Severity = AlertSeverity.Low }, _ => true).IsSpared);
    }

    [Fact]
    public void Configuration_changes_what_is_answered_and_which_networks_are_local()
    {
        var options = new ResponseOptions { LocalNetworks = ["203.0.113.0/24"] };
        options.Categories["flood"] = ResponseOptions.None;
        var policy = new ResponsePolicy(options);

        Assert.Equal([Station], policy.Decide(Scan(), _ => false).Answers.Select(answer => answer.Target.ToString()));
        Assert.Empty(policy.Decide(Flood("198.51.100.1"), _ => false).Answers);
    }

    [Fact]
    public void Durations_double_up_to_a_day()
    {
        var policy = new ResponsePolicy(new ResponseOptions());

        Assert.Equal([1, 2, 4, 8, 16, 24, 24, 24], ((int[])[0, 1, 2, 3, 4, 5, 6, 1000]).Select(served => policy.DurationAfter(served).TotalHours));
    }

    [Fact]
    public void A_growing_alert_renews_its_block_when_half_of_it_is_over()
    {
        var past = new PastAnswer(Drop("203.0.113.7", 3600), null);

        Assert.False(ResponsePolicy.Renews(past, Hour, Start + TimeSpan.FromMinutes(29)));
        Assert.True(ResponsePolicy.Renews(past, Hour, Start + TimeSpan.FromMinutes(31)));
    }

    [Fact]
    public void What_ran_out_is_renewed_and_what_was_lifted_is_not()
    {
        var block = Drop("203.0.113.7", 3600);

        Assert.True(ResponsePolicy.Renews(new PastAnswer(block, EndCause.Expired), Hour, Start));
        Assert.False(ResponsePolicy.Renews(new PastAnswer(block, EndCause.Lifted), Hour, Start));
        Assert.False(ResponsePolicy.Renews(new PastAnswer(block, EndCause.Protected), Hour, Start));
    }

    [Fact]
    public void The_word_for_a_decision_is_the_contracts()
    {
        var policy = new ResponsePolicy(new ResponseOptions());

        Assert.Equal(("blocked", "would-block"), Words(policy.Decide(Scan(), _ => false)));
        Assert.Equal(("rate-limited", "would-block"), Words(policy.Decide(Flood("198.51.100.1"), _ => false)));
        Assert.Equal(("none", "none"), Words(policy.Decide(Flood(), _ => false)));
    }

    private static (string Enforced, string Tried) Words(ResponseDecision decision) => (decision.Word(isEnforced: true), decision.Word(isEnforced: false));

    private static IReadOnlyList<Answer> Decide(AlertFacts alert) => new ResponsePolicy(new ResponseOptions()).Decide(alert, _ => false).Answers;
}
