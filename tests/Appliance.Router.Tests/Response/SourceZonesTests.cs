using Appliance.Router.Capture;
using Appliance.Router.Response;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Policy;
using Appliance.Router.Tests.Rules;
using static Appliance.Router.Tests.Response.Facts;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Response;

public sealed class SourceZonesTests
{
    private const string Source = "192.168.1.20";

    private static readonly CaptureOptions Watched = new() { Interfaces = [new InterfaceOptions { Name = "eth1" }, new InterfaceOptions { Name = "eth2", Zone = "guest" }] };

    [Fact]
    public async Task A_source_is_in_the_zone_of_the_interface_that_its_station_is_on()
    {
        using var bench = await RuleBench.OpenAsync();
        var response = Response(bench, "guest");
        response.Links.Neighbors.Add(new LinkNeighbor(Target(Source), Target(Station), "eth2"));

        Assert.Equal("guest", response.Zones.Of(Scan(Source)));
    }

    [Fact]
    public async Task A_source_that_is_no_neighbor_is_in_the_zone_that_leads_to_it()
    {
        using var bench = await RuleBench.OpenAsync();
        var response = Response(bench, "lan");
        response.Links.Routes[Target(Source)] = "eth1";

        Assert.Equal("lan", response.Zones.Of(Scan(Source)));
    }

    [Fact]
    public async Task A_station_alone_is_found_and_one_on_two_links_is_in_no_zone()
    {
        using var bench = await RuleBench.OpenAsync();
        var response = Response(bench, "guest");
        response.Links.Neighbors.Add(new LinkNeighbor(Target(Source), Target(Station), "eth2"));
        var one = response.Zones.Of(Scan(Station));

        response.Links.Neighbors.Add(new LinkNeighbor(Target("192.168.1.21"), Target(Station), "eth1"));

        Assert.Equal(("guest", ""), (one, response.Zones.Of(Scan(Station))));
    }

    [Fact]
    public async Task The_policys_zones_come_before_those_of_the_capture()
    {
        using var bench = await RuleBench.OpenAsync();
        bench.Enforcer.Intent.Change(state => state with { Policy = FirewallPolicy.Open with { Zones = [new Zone("cameras", ["eth1"])] } });
        var response = Response(bench, "cameras", "guest", "nowhere");
        response.Links.Routes[Target(Source)] = "eth1";

        Assert.Equal("cameras", response.Zones.Of(Scan(Source)));
        Assert.Equal(["nowhere"], response.Zones.FindUnknown());
    }

    [Fact]
    public async Task A_source_in_an_allowed_zone_is_not_answered_and_its_neighbor_is()
    {
        using var bench = await RuleBench.OpenAsync();
        var response = Response(bench, "guest");
        response.Links.Routes[Target(Source)] = "eth2";
        response.Links.Routes[Target("192.168.7.20")] = "eth1";

        var blocked = await ResponseBench.AnswerAsync(bench, response.Responder, Scan(Source) with { SourceMac = default }, Scan("192.168.7.20", "alert-2") with { SourceMac = default });

        Assert.Equal(["192.168.7.20"], blocked);
    }

    private static ResponseBench Response(RuleBench bench, params string[] allowed)
    {
        var options = ResponseBench.Enforcing();
        options.AllowZones = allowed;
        return new ResponseBench(bench, options, Watched);
    }
}
