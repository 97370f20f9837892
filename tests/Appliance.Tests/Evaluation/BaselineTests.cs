using Appliance.Detector.Detectors;
using Appliance.Evaluation;
using Appliance.Router.Decoding;
using Appliance.Router.Flows;

namespace Appliance.Tests.Evaluation;

public sealed class BaselineTests
{
    private const long Second = 1_000_000_000;

    [Theory]
    [InlineData(199, 0)]
    [InlineData(200, 2)]
    public void Rate_alarms_for_source_and_destination_at_200_packets_in_a_second(int packets, int expected)
    {
        var rate = new RateBaseline();

        rate.Observe(Event(FlowEventKind.Updated, New(1, 2)), new Gain(packets, 0, 0, Second));

        Assert.Equal(expected, rate.Alarms.Count);
    }

    [Fact]
    public void Rate_stays_quiet_when_the_packets_took_long()
    {
        var rate = new RateBaseline();

        rate.Observe(Event(FlowEventKind.Updated, New(1, 2)), new Gain(4096, 4096, 0, 60 * Second));

        Assert.Empty(rate.Alarms);
    }

    [Fact]
    public void New_destination_alarms_once_a_source_and_only_after_learning()
    {
        var rule = new NewDestinationBaseline();

        Begin(rule, 1, 2, 0);
        Begin(rule, 1, 3, 59);
        Begin(rule, 1, 2, 61);
        var before = rule.Alarms.Count;
        Begin(rule, 1, 4, 62);
        Begin(rule, 1, 5, 63);

        Assert.Equal((0, 1), (before, rule.Alarms.Count));
    }

    [Theory]
    [InlineData(24, 0)]
    [InlineData(25, 1)]
    public void Zeek_calls_a_scan_at_25_hosts_on_one_port(int hosts, int expected)
    {
        var zeek = new ZeekBaseline();

        for (var i = 0; i < hosts; i++)
        {
            zeek.Observe(Event(FlowEventKind.Refused, New(1, 100 + (UInt128)i)), default);
        }

        Assert.Equal(expected, zeek.Alarms.Count(alarm => alarm.Category == Category.Scan));
    }

    [Theory]
    [InlineData(14, 1, 0)]
    [InlineData(15, 1, 1)]
    [InlineData(15, 30, 0)]
    public void Zeek_calls_a_scan_at_15_ports_of_one_host_in_five_minutes(int ports, int gapSeconds, int expected)
    {
        var zeek = new ZeekBaseline();

        for (var i = 0; i < ports; i++)
        {
            zeek.Observe(Event(FlowEventKind.Refused, New(1, 2, (ushort)(i + 1)), i * gapSeconds * Second), default);
        }

        Assert.Equal(expected, zeek.Alarms.Count);
    }

    [Theory]
    [InlineData(ApplicationKind.Ssh, 29, 0)]
    [InlineData(ApplicationKind.Ssh, 30, 1)]
    [InlineData(ApplicationKind.Ftp, 19, 0)]
    [InlineData(ApplicationKind.Ftp, 20, 1)]
    [InlineData(ApplicationKind.Http, 100, 0)]
    public void Zeek_calls_guessing_by_the_service(ApplicationKind application, int failures, int expected)
    {
        var zeek = new ZeekBaseline();

        zeek.Observe(Event(FlowEventKind.Updated, New(1, 2) with { Application = application }), new Gain(1, 1, failures, 0));

        Assert.Equal(expected, zeek.Alarms.Count(alarm => alarm.Category == Category.BruteForce));
    }

    [Fact]
    public void Zeek_counts_no_backscatter()
    {
        var zeek = new ZeekBaseline();

        for (var i = 0; i < 100; i++)
        {
            zeek.Observe(Event(FlowEventKind.Refused, New(1, 100 + (UInt128)i) with { IsMidstream = true }), default);
        }

        Assert.Empty(zeek.Alarms);
    }

    [Fact]
    public void Gain_is_what_a_flow_has_more_than_at_its_last_event()
    {
        var gains = new FlowGains();

        gains.Measure(Event(FlowEventKind.Began, New(1, 2) with { PacketsOut = 1 }));
        var gain = gains.Measure(Event(FlowEventKind.Updated, New(1, 2) with { PacketsOut = 64, PacketsIn = 3, LoginFailures = 1, EndTime = Second }));

        Assert.Equal(new Gain(63, 3, 1, Second), gain);
    }

    private static void Begin(NewDestinationBaseline rule, UInt128 source, UInt128 destination, long seconds)
        => rule.Observe(Event(FlowEventKind.Began, New(source, destination), seconds * Second), default);

    private static FlowEvent Event(FlowEventKind kind, Flow flow, long time = 0) => new(kind, time, flow, default);

    private static Flow New(UInt128 source, UInt128 destination, ushort port = 80) => new() { Key = new FlowKey(source, destination, 40_000, port, 6) };
}
