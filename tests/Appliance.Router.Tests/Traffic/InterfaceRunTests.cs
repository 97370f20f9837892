using Appliance.Hosting.Health;
using Appliance.Router.Capture;
using Appliance.Router.Tests.Capture;
using Appliance.Router.Traffic;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Tests.Traffic;

/// <summary>Interfaces that come and go while numbered frames are sent.</summary>
[Trait("Category", "Slow")]
public sealed class InterfaceRunTests : IAsyncDisposable
{
    private readonly VethPair _cable = new();
    private readonly HealthBoard _health = new(TimeProvider.System);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _runs = [];
    private readonly CaptureReport _report;

    public InterfaceRunTests() => _report = new CaptureReport(_health, TimeProvider.System, NullLogger<CaptureReport>.Instance);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_runs);
        _stop.Dispose();
        _cable.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_interface_that_was_down_loses_only_what_was_sent_meanwhile(int threads)
    {
        var (seen, run) = Start(VethPair.Near, threads);
        await HealthAsync($"Watches {VethPair.Near}.");
        using var sender = new NumberedFrames(_cable);

        await sender.ReachAsync(10_000);
        var down = sender.Last;
        _cable.IpNear("link", "set", VethPair.Near, "down");
        await HealthAsync($"{VethPair.Near}: it is down");
        _cable.IpNear("link", "set", VethPair.Near, "up");
        var up = sender.Last;
        await sender.ReachAsync(up + 10_000);
        await sender.StopAsync();
        await HealthAsync($"Watches {VethPair.Near}.");
        await StopAsync();

        AssertOnlyGap(sender, seen, run, down, up + 1);
    }

    [Fact]
    public async Task An_interface_that_goes_up_and_down_loses_only_what_was_sent_meanwhile()
    {
        var (seen, run) = Start(VethPair.Near, threads: 2);
        await HealthAsync($"Watches {VethPair.Near}.");
        using var sender = new NumberedFrames(_cable);

        await sender.ReachAsync(1000);
        var first = sender.Last;
        for (var i = 0; i < 10; i++)
        {
            _cable.IpNear("link", "set", VethPair.Near, "down");
            _cable.IpNear("link", "set", VethPair.Near, "up");
        }

        var last = sender.Last;
        await sender.ReachAsync(last + 1000);
        await sender.StopAsync();
        await StopAsync();

        AssertOnlyGap(sender, seen, run, first, last + 1, gaps: 10);
    }

    [Fact]
    public async Task An_interface_that_was_gone_is_found_again()
    {
        var (seen, run) = Start(VethPair.Near, threads: 1);
        await HealthAsync($"Watches {VethPair.Near}.");
        using var sender = new NumberedFrames(_cable);

        await sender.ReachAsync(10_000);
        var gone = sender.Last;
        _cable.PullOut();
        await HealthAsync($"{VethPair.Near}: there is no such interface");
        _cable.PlugIn();
        await HealthAsync($"Watches {VethPair.Near}.");
        var back = sender.Last;
        await sender.ReachAsync(back + 10_000);
        await sender.StopAsync();
        await StopAsync();

        AssertOnlyGap(sender, seen, run, gone, back + 1);
    }

    [Fact]
    public async Task One_interface_that_is_away_degrades_and_the_other_goes_on()
    {
        Start("none0", threads: 1);
        var (seen, _) = Start(VethPair.Near, threads: 1);
        await HealthAsync($"Watches {VethPair.Near}. none0: there is no such interface");
        Assert.Equal(PartState.Degraded, Assert.Single(_health.Snapshot).State);

        using var sender = new NumberedFrames(_cable);
        await sender.ReachAsync(1000);
        await sender.StopAsync();
        await StopAsync();

        Assert.Equal(sender.Sent, seen.Numbers.Order());
    }

    [Fact]
    public async Task The_clock_goes_on_while_an_interface_is_away()
    {
        var (seen, _) = Start("none0", threads: 1);
        await HealthAsync("none0: there is no such interface");
        var before = seen.Paths[0].Now;

        while (seen.Paths[0].Now <= before)
        {
            await Task.Yield();
        }

        Assert.NotEqual(0, before);
    }

    [Fact]
    public async Task Threads_that_cannot_share_hold_no_clock_back()
    {
        Libpcap.SkipIfMissing();
        var (seen, _) = Start(VethPair.Near, threads: 2, CaptureMethod.Pcap);
        await HealthAsync($"Watches {VethPair.Near}.");
        var before = seen.Paths.Max(path => path.Now);

        while (seen.Paths.Min(path => path.Now) <= before)
        {
            await Task.Yield();
        }

        Assert.NotEqual(0, before);
    }

    // All that was sent outside the gap is there, once; and the kernel's counts agree with ours.
    private static void AssertOnlyGap(NumberedFrames sender, InterfaceRecords seen, InterfaceRun run, int from, int to, int gaps = 1)
    {
        var numbers = seen.Numbers;
        Assert.All(sender.Sent.Except(numbers), missing => Assert.InRange(missing, from, to));
        Assert.Equal(numbers.Distinct().Count(), numbers.Count);
        Assert.Equal((run.Counts.Kernel, 0), (run.Counts.Read, run.Counts.Dropped));
        Assert.Equal(run.Counts.Read, seen.Paths.Sum(path => path.Totals.Packets));

        // The flow has outlived the gap.
        Assert.InRange(Assert.Single(seen.SteadyFlows).PacketsOut, numbers.Count - (2 * gaps), numbers.Count + (2 * gaps));
    }

    private (InterfaceRecords Seen, InterfaceRun Run) Start(string name, int threads, CaptureMethod method = CaptureMethod.Auto)
    {
        var options = new CaptureOptions { RingBlocks = 256, Method = method, Interfaces = [new InterfaceOptions { Name = name, Threads = threads }] };
        var seen = new InterfaceRecords(name, threads);
        var run = new InterfaceRun(options.Interfaces[0], Sources(options), seen.Paths, _report, TimeProvider.System);

        // A thread inherits the network namespace of the one that starts it.
        _runs.Add(_cable.InNear(() => Task.Factory.StartNew(() => run.Run(_stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        return (seen, run);
    }

    private static PacketSources Sources(CaptureOptions options) =>
        new(Options.Create(options), new LiveSources(TimeProvider.System, NullLogger<LiveSources>.Instance), TimeProvider.System);

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_runs);
    }

    private async Task HealthAsync(string text)
    {
        await foreach (var part in _health.WatchAsync(TestContext.Current.CancellationToken))
        {
            if (part.Text.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }
    }
}
