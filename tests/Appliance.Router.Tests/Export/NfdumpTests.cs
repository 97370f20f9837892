using System.Globalization;
using Appliance.Router.Decoding;
using Appliance.Router.Export;
using Appliance.Router.Flows;
using Appliance.Tests.Shared;

namespace Appliance.Router.Tests.Export;

/// <summary>nfcapd is told of real captures over UDP; what nfdump reads back is what the flow table counted, direction by direction.</summary>
[Trait("Category", "Slow")]
public sealed class NfdumpTests
{
    // The socket's buffer holds some 90 datagrams of ten records each.
    private const int Portion = 400;

    // Short, so that many flows are told in parts.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static TheoryData<string> Captures() =>
    [
        "home.pcapng",
        "benign-boot.pcapng",
        "benign-busy-rest.pcap",
        "benign-unknown-names.pcap",
        "benign-dead-host.pcapng",
        "brute-ssh-hydra.pcapng",
        "flood-icmp-hping3.pcap",
        "flood-syn-spoofed-hping3.pcap",
        "scan-udp-nmap.pcapng",
        "scan-worm-nmap.pcapng",
    ];

    [Theory]
    [MemberData(nameof(Captures))]
    public async Task The_collector_holds_what_the_router_counted(string name)
    {
        var told = ToldFlows.Of(Path.Combine(Checkout.Traffic, name), Interval);
        using var collector = new Nfcapd(FreePorts.Take());

        await ExportAsync(told, collector);
        var records = collector.Stop();

        Assert.Contains($"Flows: {records.Count}, ", collector.Log, StringComparison.Ordinal);
        Assert.Contains("Sequence Errors: 0, Bad Packets: 0", collector.Log, StringComparison.Ordinal);
        Assert.Equal(Conversations(told.Ended), Conversations(records));
    }

    [Fact]
    public async Task Every_value_of_every_record_is_read_back()
    {
        var told = ToldFlows.Of(Path.Combine(Checkout.Traffic, "benign-boot.pcapng"), Interval);
        using var collector = new Nfcapd(FreePorts.Take());

        await ExportAsync(told, collector);
        var records = collector.Stop();

        Assert.Equal(told.Records(Interval).Select(Details).Order(StringComparer.Ordinal), records.Select(record => record.Rest).Order(StringComparer.Ordinal));
    }

    private static string Details(Flow flow)
    {
        const string letters = "CEUAPRSF";
        var flags = string.Concat(letters.Select((letter, bit) => (flow.TcpFlagsOut >> (7 - bit) & 1) != 0 ? letter : '.'));
        var reason = flow.EndReason switch { EndReason.None => 2, EndReason.Idle => 1, EndReason.CaptureEnded => 4, _ => 3 };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{flags} {reason} {(flow.IsMidstream ? 0 : 1)} {flow.SourceMac} {flow.DestinationMac} {flow.VlanId} {Clock(flow.StartTime)} {Clock(flow.EndTime)}");
    }

    // As nfdump prints it: in the machine's own time zone.
    private static string Clock(long nanoseconds) => DateTimeOffset.FromUnixTimeMilliseconds(nanoseconds / 1_000_000).ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private static async Task ExportAsync(ToldFlows told, Nfcapd collector)
    {
        await using var bench = new ExportBench(ExportBench.To(ExportBench.Udp(collector.Port)), activeInterval: Interval);
        await bench.StartAsync();
        for (var at = 0; at < told.Count; at += Portion)
        {
            told.Tell(bench.Queue, at..Math.Min(told.Count, at + Portion));
            while (bench.Queue.Reader.Count > 0 || bench.Collectors.Sessions[0].QueuedCount > 0 || !collector.HasRead)
            {
                await Task.Yield();
            }
        }

        await bench.StopAsync();
        while (!collector.HasRead)
        {
            await Task.Yield();
        }
    }

    private static IEnumerable<string> Conversations(IEnumerable<Flow> flows) => Sum(flows.Select(flow => (
        Name(IPAddresses.ToIPAddress(flow.Key.Source).ToString(), Port(flow.Key.SourcePort, flow.Key.Protocol), IPAddresses.ToIPAddress(flow.Key.Destination).ToString(), $"{(IsIcmp(flow.Key.Protocol) ? $"{flow.Key.SourcePort}.{flow.Key.DestinationPort}" : flow.Key.DestinationPort)}", flow.Key.Protocol),
        new[] { flow.PacketsOut, flow.BytesOut, flow.PacketsIn, flow.BytesIn })));

    private static IEnumerable<string> Conversations(IEnumerable<CollectedFlow> records) => Sum(records.Select(record => (
        Name(record.Source, record.SourcePort, record.Destination, record.DestinationPort, record.Protocol),
        new[] { record.PacketsOut, record.BytesOut, record.PacketsIn, record.BytesIn })));

    private static string Name(string source, int sourcePort, string destination, string destinationPort, int protocol) =>
        $"{source} {sourcePort} {destination} {destinationPort} {protocol}";

    private static bool IsIcmp(int protocol) => protocol is 1 or 58;

    private static int Port(int port, int protocol) => IsIcmp(protocol) ? 0 : port;

    private static IEnumerable<string> Sum(IEnumerable<(string Name, long[] Counts)> records) => records
        .GroupBy(record => record.Name)
        .Select(group => $"{group.Key}: {string.Join(' ', Enumerable.Range(0, 4).Select(at => group.Sum(record => record.Counts[at]).ToString(CultureInfo.InvariantCulture)))}")
        .Order(StringComparer.Ordinal);
}
