using System.Runtime.CompilerServices;
using Appliance.Hosting.Health;
using Appliance.Router.Export;
using Appliance.Router.Flows;
using Appliance.Router.Tests.Decoding;
using Appliance.Tests.Shared;

namespace Appliance.Router.Tests.Export;

[Trait("Category", "Slow")]
public sealed class CollectorSessionTests
{
    private static readonly int[] Announcement = [2, 3, ExportFigures.TemplateId];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_begins_with_the_templates_and_the_number_zero(bool isTcp)
    {
        var port = FreePorts.Take();
        using var collector = isTcp ? TestCollector.Tcp(port) : TestCollector.Udp(port);
        await using var bench = new ExportBench(ExportBench.To(isTcp ? ExportBench.Tcp(port) : ExportBench.Udp(port)));

        await bench.StartAsync();
        var message = await collector.ReadAsync();

        Assert.Equal(Announcement, TestCollector.SetsOf(message));
        Assert.Equal(0u, TestCollector.SequenceOf(message));
    }

    [Theory]
    [InlineData(false, new[] { 2, 3, 260 })]
    [InlineData(true, new[] { 260 })]
    public async Task Templates_are_told_again_over_udp_alone(bool isTcp, int[] expected)
    {
        var port = FreePorts.Take();
        using var collector = isTcp ? TestCollector.Tcp(port) : TestCollector.Udp(port);
        var clock = new HastyClock();
        await using var bench = new ExportBench(ExportBench.To(isTcp ? ExportBench.Tcp(port) : ExportBench.Udp(port)), clock);
        await bench.StartAsync();
        await collector.ReadAsync();

        // Turned while a message is under way, the clock would end the session's patience with the collector as well.
        await UntilAsync(() => clock.Minutes == 1);
        clock.Advance(TimeSpan.FromSeconds(59));
        var early = clock.GivenUp;
        clock.Advance(TimeSpan.FromSeconds(1));
        var again = await collector.ReadAsync();

        Assert.Equal(0, early);
        Assert.Equal(expected, TestCollector.SetsOf(again));
    }

    [Fact]
    public async Task A_tcp_collector_that_comes_back_is_told_the_templates_anew()
    {
        var port = FreePorts.Take();
        using var collector = TestCollector.Tcp(port);
        await using var bench = new ExportBench(ExportBench.To(ExportBench.Tcp(port)));
        await bench.StartAsync();
        await collector.ReadAsync();
        bench.Queue.Accept(Ended(1));
        await collector.ReadAsync();

        collector.HangUp();
        bench.Queue.Accept(Ended(2));
        bench.Queue.Accept(Ended(3));
        var trouble = await bench.WaitForAsync(PartState.Degraded);
        var again = await collector.ReadAsync();

        Assert.StartsWith("Cannot export to tcp 127.0.0.1:", trouble, StringComparison.Ordinal);
        Assert.Equal(0u, TestCollector.SequenceOf(again));
        Assert.Equal(Announcement, TestCollector.SetsOf(again));
        await bench.WaitForAsync(PartState.Healthy);
    }

    [Fact]
    public async Task What_a_closed_connection_could_not_take_comes_with_the_next()
    {
        var port = FreePorts.Take();
        using var collector = TestCollector.Tcp(port);
        await using var bench = new ExportBench(ExportBench.To(ExportBench.Tcp(port)));
        await bench.StartAsync();
        await collector.ReadAsync();

        collector.HangUp();
        bench.Queue.Accept(Ended(1));
        bench.Queue.Accept(Ended(2));
        var messages = await collector.ReadAsync(messages => messages.Any(message => TestCollector.SetsOf(message).Contains(256)));
        var records = DissectedMessages.Of(messages, isTcp: true);

        Assert.Equal(2, records.FlowsCount);
        Assert.Equal(0, bench.Collectors.Sessions[0].Figures.UnsentCount);
    }

    [Fact]
    public async Task A_udp_collector_that_comes_back_is_told_the_templates_before_the_next_record()
    {
        var port = FreePorts.Take();
        await using var bench = new ExportBench(ExportBench.To(ExportBench.Udp(port)));
        await bench.StartAsync();
        bench.Queue.Accept(Ended(1));
        var trouble = await bench.WaitForAsync(PartState.Degraded);

        using var collector = TestCollector.Udp(port);
        bench.Queue.Accept(Ended(2));
        var sets = (await collector.ReadAsync(messages => messages.Any(message => TestCollector.SetsOf(message).Contains(256)))).SelectMany(TestCollector.SetsOf).ToArray();

        Assert.Contains("refused", trouble, StringComparison.Ordinal);
        Assert.Equal([.. Announcement, 256], sets);
        Assert.NotEqual(0, bench.Collectors.Sessions[0].Figures.RefusedCount);
    }

    [Fact]
    public async Task A_collector_that_is_away_holds_up_no_other()
    {
        const int count = 3000;
        var (away, here) = (FreePorts.Take(), FreePorts.Take());
        using var collector = TestCollector.Tcp(here);
        var options = ExportBench.To(ExportBench.Tcp(away), ExportBench.Tcp(here));
        options.QueuedFlows = 1024;
        await using var bench = new ExportBench(options);
        await bench.StartAsync();

        for (var i = 0; i < count; i++)
        {
            bench.Queue.Accept(Ended((ushort)i));
            while (bench.Queue.Reader.Count > 100 || bench.Collectors.Sessions[1].QueuedCount > 100)
            {
                await Task.Yield();
            }
        }

        while (bench.Collectors.Sessions[1].Figures.FlowsCount < count)
        {
            await collector.ReadAsync();
        }

        Assert.Equal(count - options.QueuedFlows, bench.Collectors.Sessions[0].Figures.UnsentCount);
        Assert.Equal(0, bench.Collectors.Sessions[1].Figures.UnsentCount + bench.Queue.DroppedCount);
    }

    [Fact]
    public async Task A_tcp_collector_that_never_reads_is_given_up_and_holds_up_no_other()
    {
        const int count = 20_000;
        var (deafPort, herePort) = (FreePorts.Take(), FreePorts.Take());
        using var deaf = TestCollector.Tcp(deafPort, room: 4096);
        using var here = TestCollector.Tcp(herePort);
        var clock = new HastyClock();
        var options = ExportBench.To(ExportBench.Tcp(deafPort), ExportBench.Tcp(herePort));
        (options.QueuedFlows, options.TemplateInterval) = (2 * count, TimeSpan.FromDays(1));
        await using var bench = new ExportBench(options, clock);
        var (deafFigures, hereFigures) = (bench.Collectors.Sessions[0].Figures, bench.Collectors.Sessions[1].Figures);
        await bench.StartAsync();
        await deaf.AcceptAsync();
        var heard = here.ReadToEndAsync();
        // Half of them are more than the deaf one's buffers hold: while the other takes the second half, nothing of the first is under way any more.
        foreach (var half in (int[])[count / 2, count])
        {
            for (var i = half - (count / 2); i < half; i++)
            {
                bench.Queue.Accept(Ended((ushort)i));
            }

            await UntilAsync(() => hereFigures.FlowsCount == half);
        }

        var trouble = bench.WaitForAsync(PartState.Degraded);
        await UntilAsync(() => clock.GivenUp > 0, () => clock.Advance(TimeSpan.FromSeconds(10)));
        var told = await trouble;
        var arrived = DissectedMessages.Of(await deaf.ReadToEndAsync(), isTcp: true).FlowsCount;
        var reading = deaf.ReadToEndAsync();
        await UntilAsync(() => clock.Pauses > 0);
        clock.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(() => deafFigures.FlowsCount == count);
        await bench.StopAsync();
        var again = await reading;

        Assert.Contains("took nothing for 10 s", told, StringComparison.Ordinal);
        Assert.InRange(deafFigures.UnsentCount, 1, count / 2);
        Assert.Equal(Announcement, TestCollector.SetsOf(again[0]));
        Assert.Equal(count, arrived + deafFigures.UnsentCount + DissectedMessages.Of(again, isTcp: true).FlowsCount);
        Assert.Equal((count, 0L), (DissectedMessages.Of(await heard, isTcp: true).FlowsCount, hereFigures.UnsentCount + bench.Queue.DroppedCount));
    }

    [Fact]
    public void A_full_queue_is_counted_and_never_waited_for()
    {
        var options = ExportBench.To(ExportBench.Udp(1));
        options.QueuedFlows = 1024;
        var bench = new ExportBench(options);

        for (var i = 0; i < 1030; i++)
        {
            bench.Queue.Accept(Ended((ushort)i));
            bench.Queue.Accept(new FlowEvent(FlowEventKind.Updated, 0, Ended((ushort)i), default));
            bench.Queue.Accept(new FlowEvent(FlowEventKind.Ended, 0, Ended((ushort)i), default));
        }

        Assert.Equal(1024, bench.Queue.Reader.Count);
        Assert.Equal(1030 - 512, bench.Queue.DroppedCount);
    }

    private static async Task UntilAsync(Func<bool> isEnough, Action? push = null, [CallerArgumentExpression(nameof(isEnough))] string what = "")
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!isEnough())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromMinutes(1), $"Never so: {what}");
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            push?.Invoke();
            await Task.Yield();
        }
    }

    private static Flow Ended(ushort port) => new()
    {
        Key = new FlowKey(Frames.Value("192.0.2.1"), Frames.Value("192.0.2.2"), port, 53, 17), IsIPv4 = true, PacketsOut = 1, BytesOut = 60, EndReason = EndReason.Idle,
    };
}
