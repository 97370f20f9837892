using Appliance.Router.Decoding;
using Appliance.Router.Flows;
using Appliance.Router.Nftables;
using Appliance.Router.Traffic;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Router.Tests.Nftables;

/// <summary>The table of translations beside a real kernel's, stepped by hand.</summary>
public sealed class ConntrackEventsTests : IDisposable
{
    private const int SmallestBuffer = 1;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly NatTable _table;
    private readonly TestNamespace _place;

    public ConntrackEventsTests()
    {
        ConntrackTool.SkipUnlessPossible();
        _place = new TestNamespace();
        _table = new NatTable(Options.Create(new TrafficOptions()), _clock);

        // Whoever asks for the state of connections has them tracked.
        _place.NftScript("table inet lab {\n chain in { type filter hook input priority 0; ct state new accept;\n }\n }\n");
    }

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Connections_that_were_there_before_are_read_and_later_ones_are_told()
    {
        ConntrackFill.Add(_place, 0, 3);
        using var events = Open(out _);

        events.Step();
        var before = _table.Count;
        ConntrackFill.Add(_place, 3, 2);
        StepUntil(events, () => _table.Count == 5);

        Assert.Equal((3, 5), (before, _table.Count));
        Assert.Equal(0, _table.LossCount);
    }

    [Fact]
    public void End_of_a_connection_is_told()
    {
        using var events = Open(out _);
        events.Step();
        ConntrackFill.Add(_place, 0, 2);
        StepUntil(events, () => _table.Count == 2);

        ConntrackTool.Run(_place, "-D", "-p", "udp", "--sport", "10000");
        events.Step();
        _clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal((false, true), (IsKnown(10_000), IsKnown(10_001)));
    }

    [Fact]
    public void What_an_overflow_lost_is_made_good_by_a_whole_reading()
    {
        using var events = Open(out var socket);
        events.Step();
        ConntrackFill.Add(_place, 0, 100);
        StepUntil(events, () => _table.Count == 100);

        // 100 come and 100 go while nobody reads.
        socket.SetReceiveBuffer(SmallestBuffer);
        ConntrackFill.Add(_place, 100, 100);
        ConntrackTool.Run(_place, "-D", "-p", "udp", "-d", "10.72.0.0", "--dport", "53");
        ConntrackFill.Add(_place, 200, 50);
        StepUntil(events, () => _table.LossCount > 0);
        var isWhole = IsKnown(10_249);
        _clock.Advance(Pause);
        StepUntil(events, () => IsKnown(10_249));
        _clock.Advance(TimeSpan.FromMinutes(5));

        Assert.False(isWhole);
        Assert.Equal(Enumerable.Range(10_200, 50), Enumerable.Range(10_000, 250).Where(IsKnown));
        Assert.Equal(1, _table.LossCount);
    }

    [Fact]
    public void End_that_the_kernel_does_not_tell_is_seen_a_minute_later()
    {
        // What begins before anybody listens has no events (nf_conntrack_events 2).
        ConntrackFill.Add(_place, 0, 2);
        using var events = Open(out _);
        events.Step();

        ConntrackTool.Run(_place, "-D", "-p", "udp", "--sport", "10000");
        _clock.Advance(TimeSpan.FromMinutes(2));
        events.Step();
        events.Step();
        _clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal((false, true), (IsKnown(10_000), IsKnown(10_001)));
    }

    [Fact]
    public async Task Following_ends_with_its_token()
    {
        using var events = Open(out _);
        using var stop = new CancellationTokenSource();
        var run = Task.Run(() => events.Run(stop.Token));
        ConntrackFill.Add(_place, 0, 1);

        await stop.CancelAsync();
        await run;

        Assert.True(run.IsCompletedSuccessfully);
    }

    private static void StepUntil(ConntrackEvents events, Func<bool> isReached)
    {
        for (var step = 0; step < 2000 && !isReached(); step++)
        {
            events.Step();
        }

        Assert.True(isReached());
    }

    private bool IsKnown(int port)
    {
        var key = new FlowKey(IPAddresses.FromIPv4(0x0A470102), IPAddresses.FromIPv4(0x0A480000), (ushort)port, 53, IPProtocol.Udp);
        return _table.TryFind(key, _clock.GetUtcNow(), out _);
    }

    private ConntrackEvents Open(out NetlinkSocket socket)
    {
        socket = _place.OpenNetlink();
        return new ConntrackEvents(socket, new KernelConnections(new NetlinkExchange(_place.OpenNetlink())), _table, _clock);
    }
}
