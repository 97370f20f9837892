using System.Threading.Channels;
using Appliance.Detector.Alerts;
using Appliance.Hosting.Errors;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Detector.Tests.Alerts;

public sealed class AlertWatchTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly AlertFile _file;
    private readonly AlertStore _store;
    private readonly FakeTimeProvider _clock = new();
    private readonly AlertWatch _watch;
    private readonly Channel<Alert?> _sent = Channel.CreateUnbounded<Alert?>();

    public AlertWatchTests()
    {
        var options = Options.Create(new AlertOptions());
        _file = new AlertFile(_folder.File("alerts.db"), TimeProvider.System);
        _store = new AlertStore(_file, options);
        _watch = new AlertWatch(_store, options, _clock);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _file.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Snapshot_then_marker_then_changes()
    {
        _store.Save([Findings.Alert("192.168.1.1"), Findings.Alert("192.168.1.2")], null);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var watching = Watch(0, ending.Token);

        var (first, second, marker) = (await NextAsync(), await NextAsync(), await NextAsync());
        _store.Save([Findings.Alert("192.168.1.3")], null);
        var third = await NextAsync();
        await ending.CancelAsync();

        Assert.Equal((1L, 2L, null, 3L), (first?.Revision, second?.Revision, marker?.Revision, third?.Revision));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
    }

    [Fact]
    public async Task Watch_resumes_behind_the_last_revision()
    {
        for (var i = 1; i <= 5; i++)
        {
            _store.Save([Findings.Alert($"192.168.1.{i}")], null);
        }

        _ = Watch(3, Token);

        Assert.Equal([4L, 5L, null], [(await NextAsync())?.Revision, (await NextAsync())?.Revision, (await NextAsync())?.Revision]);
    }

    [Fact]
    public async Task Revision_of_a_lost_file_starts_at_the_oldest()
    {
        _store.Save([Findings.Alert()], null);

        _ = Watch(500, Token);

        Assert.Equal(1, (await NextAsync())?.Revision);
    }

    [Fact]
    public async Task Everything_comes_in_order_of_revisions_while_alerts_are_raised()
    {
        var saving = Task.Run(
            () =>
            {
                for (var i = 0; i < 300; i++)
                {
                    _store.Save([Findings.Alert($"10.0.{i / 250}.{i % 250}")], null);
                }
            },
            Token);
        _ = Watch(0, Token);

        var seen = new List<long>();
        while (seen.Count < 300)
        {
            if (await NextAsync() is { } alert)
            {
                seen.Add(alert.Revision);
            }
        }

        await saving;
        Assert.Equal(Enumerable.Range(1, 300).Select(i => (long)i), seen);
    }

    [Fact]
    public async Task Slow_reader_gets_the_last_revision_of_what_changed_meanwhile()
    {
        var alert = Findings.Alert();
        _store.Save([alert], null);
        var point = new SyncPoint();
        _ = _watch.SendAsync(
            0,
            async sent =>
            {
                await point.ReachAndWaitAsync(Token);
                await _sent.Writer.WriteAsync(sent, Token);
            },
            Token);
        await point.WaitAsync();
        for (var i = 0; i < 50; i++)
        {
            _store.Save([alert], null);
        }

        point.Continue();

        Assert.Equal([1L, 51L, null], [(await NextAsync())?.Revision, (await NextAsync())?.Revision, (await NextAsync())?.Revision]);
    }

    [Fact]
    public async Task Reader_that_takes_nothing_is_cut_off()
    {
        _store.Save([Findings.Alert()], null);
        var reached = new SyncPoint();
        var watching = _watch.SendAsync(
            0,
            _ =>
            {
                reached.Reach();
                return new TaskCompletionSource().Task;
            },
            Token);
        await reached.WaitAsync();

        _clock.Advance(TimeSpan.FromSeconds(31));

        var error = await Assert.ThrowsAsync<LimitExceededException>(() => watching);
        Assert.Equal("SLOW_WATCHER", error.Reason);
    }

    private Task Watch(ulong afterRevision, CancellationToken token) =>
        _watch.SendAsync(afterRevision, alert => _sent.Writer.WriteAsync(alert, token).AsTask(), token);

    private async Task<Alert?> NextAsync() => await _sent.Reader.ReadAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Token);
}
