using Appliance.Router.Response;
using Appliance.Router.Tests.Rules;
using static Appliance.Router.Tests.Response.Facts;

namespace Appliance.Router.Tests.Response;

/// <summary>The model alone never blocks.</summary>
public sealed class AlertEvidenceTests
{
    private const string Model = "autoencoder";
    private const string Source = "203.0.113.7";

    [Fact]
    public async Task An_anomaly_alone_is_not_answered_however_often_it_is_told()
    {
        Assert.Empty(await BlockedByAsync(Anomaly(), Anomaly() with { Severity = AlertSeverity.Critical }, Anomaly(id: "model-2")));
    }

    [Fact]
    public async Task An_anomaly_is_answered_when_another_detector_has_found_its_source_before()
    {
        Assert.Equal([Source], await BlockedByAsync(Sweep(), Anomaly()));
    }

    [Fact]
    public async Task An_anomaly_is_answered_as_soon_as_another_detector_finds_its_source()
    {
        Assert.Equal([Source], await BlockedByAsync(Anomaly(), Sweep()));
    }

    [Fact]
    public async Task An_alert_that_names_a_second_detector_itself_needs_no_other()
    {
        Assert.Equal([Source], await BlockedByAsync(Anomaly() with { Detector = $"{Model},address-sweep" }));
        Assert.Empty(await BlockedByAsync(Anomaly() with { Detector = $"{Model},{Model}" }));
    }

    [Fact]
    public async Task A_scan_that_only_the_model_has_seen_waits_like_an_anomaly()
    {
        Assert.Empty(await BlockedByAsync(Scan() with { Detector = Model }));
        Assert.Equal([Source], await BlockedByAsync(Scan() with { Detector = Model }, Sweep()));
        Assert.Equal([Source], await BlockedByAsync(Scan() with { Detector = "threshold-random-walk" }));
    }

    [Fact]
    public async Task What_another_source_did_or_what_was_long_ago_is_no_evidence()
    {
        var minute = TimeSpan.FromMinutes(1);

        Assert.Empty(await BlockedByAsync(Sweep() with { Source = "203.0.113.8" }, Anomaly()));
        Assert.Empty(await BlockedByAsync(Sweep() with { LastSeen = Samples.Start - TimeSpan.FromHours(1) - minute }, Anomaly()));
        Assert.Equal([Source], await BlockedByAsync(Sweep() with { LastSeen = Samples.Start - TimeSpan.FromHours(1) + minute }, Anomaly()));
    }

    [Fact]
    public async Task Two_addresses_of_one_local_station_are_one_source_and_two_behind_a_router_are_not()
    {
        Assert.Equal([Station], await BlockedByAsync(Sweep() with { Source = "fe80::20" }, Anomaly("192.168.1.20")));
        Assert.Empty(await BlockedByAsync(Sweep() with { Source = "198.51.100.9" }, Anomaly()));
    }

    [Fact]
    public async Task Evidence_is_bounded_and_the_oldest_goes_first()
    {
        var crowd = Enumerable.Range(0, 2100).Select(index => Sweep() with { Id = $"crowd-{index}", Source = $"198.18.{index >> 8}.{index & 255}" });

        Assert.Empty(await BlockedByAsync([Sweep(), .. crowd, Anomaly()]));
    }

    private static AlertFacts Anomaly(string source = Source, string id = "model-1") => Scan(source, id) with { Category = "anomaly", Detector = Model };

    /// <summary>Too weak to be answered itself.</summary>
    private static AlertFacts Sweep() => Scan(id: "sweep-1") with { Severity = AlertSeverity.Low, Detector = "address-sweep" };

    private static async Task<IReadOnlyList<string>> BlockedByAsync(params AlertFacts[] alerts)
    {
        using var bench = await RuleBench.OpenAsync();
        var options = ResponseBench.Enforcing();
        options.Categories["anomaly"] = ResponseOptions.Block;
        return await ResponseBench.AnswerAsync(bench, new ResponseBench(bench, options).Responder, alerts);
    }
}
