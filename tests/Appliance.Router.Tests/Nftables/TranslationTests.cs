using System.Net;
using Appliance.Protos.Traffic.V1;
using Appliance.Router.Capture;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Router.Tests.Nftables;

/// <summary>Flows that a Router sees on the LAN of a gateway that translates addresses.</summary>
public sealed class TranslationTests : IAsyncDisposable
{
    private const string GatewayInside = "10.71.1.1";
    private const string GatewayOutside = "10.71.2.1";
    private const string Rules = """
        table ip lab {
          chain pre { type nat hook prerouting priority dstnat
            ip daddr 10.71.2.1 tcp dport 8080 dnat to 10.71.1.2:80
            ip daddr 10.71.2.1 tcp dport 8081 dnat to 10.71.1.3:81
          }
          chain post { type nat hook postrouting priority srcnat
            oifname "wan" ip protocol tcp masquerade to :40000-40100
            oifname "wan" masquerade
            iifname "lan" oifname "lan" masquerade
          }
        }
        """;

    private readonly GatewayBench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Flows_show_the_other_side_and_the_devices_from_their_beginning_to_their_end()
    {
        var (lab, token) = (_bench.Lab, TestContext.Current.CancellationToken);
        var path = (await _bench.StartAsync()).Services.GetRequiredService<PacketPaths>().First;
        lab.Gateway.NftScript(Rules + "\n");
        using var ring = lab.Gateway.Inside.Run(() => new PacketRing("lan", new CaptureOptions(), TimeProvider.System));
        using var stop = new CancellationTokenSource();
        var run = Task.Run(() => path.RunAsync(ring, stop.Token), token);

        var outward = _bench.Connect(lab.Client, Lab.ClientAddress, lab.Server, End(Lab.ServerAddress, 6001));
        var inward = _bench.Connect(lab.Server, Lab.ServerAddress, lab.Client, End(Lab.ClientAddress, 80), End(GatewayOutside, 8080));
        var hairpin = _bench.Connect(lab.Client, Lab.ClientAddress, lab.Client, End(Lab.OtherAddress, 81), End(GatewayOutside, 8081));
        var plain = _bench.Connect(lab.Client, Lab.ClientAddress6, lab.Server, End(Lab.ServerAddress6, 6001));
        _bench.Ping(Lab.ServerAddress);
        var listed = await UntilCompleteAsync();
        ConntrackTool.Run(lab.Gateway, "-F");
        await stop.CancelAsync();
        await run;
        path.Finish();
        var ended = await EndedAsync(6);

        foreach (var flows in new[] { listed, ended })
        {
            AssertFlow(flows, outward.Client, End(Lab.ServerAddress, 6001), outward.Server, null, (Lab.ClientStation, ""));
            AssertFlow(flows, inward.Client, End(Lab.ClientAddress, 80), null, End(GatewayOutside, 8080), ("", Lab.ClientStation));
            AssertFlow(flows, hairpin.Client, End(GatewayOutside, 8081), hairpin.Server, End(Lab.OtherAddress, 81), (Lab.ClientStation, ""));
            AssertFlow(flows, hairpin.Server, End(Lab.OtherAddress, 81), hairpin.Client, End(GatewayOutside, 8081), (null, Lab.ClientStation));
            AssertFlow(flows, plain.Client, End(Lab.ServerAddress6, 6001), null, null, (Lab.ClientStation, ""));
            AssertFlow(flows, End(Lab.ClientAddress, 8), End(Lab.ServerAddress, 0), End(GatewayOutside, 8), null, (Lab.ClientStation, ""));
        }

        Assert.InRange(outward.Server.Port, 40_000, 40_100);
        Assert.Equal(GatewayInside, hairpin.Server.Address.ToString());
    }

    private static void AssertFlow(
        IReadOnlyList<Flow> flows, IPEndPoint source, IPEndPoint destination, IPEndPoint? otherSource, IPEndPoint? otherDestination, (string? Source, string Destination) devices)
    {
        var flow = Assert.Single(flows, flow => EndOf(flow.Source, flow.SourcePort).Equals(source) && EndOf(flow.Destination, flow.DestinationPort).Equals(destination));
        Assert.Equal((otherSource, otherDestination), (EndOf(flow.TranslatedSource), EndOf(flow.TranslatedDestination)));
        Assert.Equal((devices.Source ?? flow.SourceDeviceId, devices.Destination), (flow.SourceDeviceId, flow.DestinationDeviceId));
    }

    private static IPEndPoint End(string address, int port) => new(IPAddress.Parse(address), port);

    private static IPEndPoint EndOf(ByteString address, uint port) => new(new IPAddress(address.Span), (int)port);

    private static IPEndPoint? EndOf(Endpoint? end) => end is null ? null : EndOf(end.Address, end.Port);

    // The kernel tells of connections, and the inventory of devices, a moment after the packets have gone by.
    private async Task<IReadOnlyList<Flow>> UntilCompleteAsync()
    {
        var token = TestContext.Current.CancellationToken;
        var flows = new List<Flow>();
        do
        {
            token.ThrowIfCancellationRequested();
            flows = [.. (await _bench.Traffic.ListFlowsAsync(new ListFlowsRequest(), cancellationToken: token)).Flows];
        }
        while (flows.Count(flow => flow.TranslatedSource is not null || flow.TranslatedDestination is not null) < 5
            || flows.Count(flow => flow.SourceDeviceId == Lab.ClientStation && flow.Protocol == 6) < 3);

        return flows;
    }

    private async Task<IReadOnlyList<Flow>> EndedAsync(int count)
    {
        var token = TestContext.Current.CancellationToken;
        using var call = _bench.Traffic.WatchFlows(new WatchFlowsRequest(), cancellationToken: token);
        var flows = new List<Flow>();
        while (flows.Count < count && await call.ResponseStream.MoveNext(token))
        {
            flows.AddRange(call.ResponseStream.Current.Events
                .Where(told => told.Kind == FlowEvent.Types.Kind.Ended && told.Flow is { Protocol: 6 or 1 })
                .Select(told => told.Flow));
        }

        return flows;
    }
}
