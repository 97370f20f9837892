using System.Runtime.CompilerServices;
using Appliance.Router.Devices;
using Microsoft.Extensions.Hosting;

namespace Appliance.Router.Traffic;

/// <summary>Takes totals and rates once a second, for all who ask.</summary>
internal sealed class TrafficSampler(PacketPaths paths, CaptureRun run, DeviceRates rates, TrafficRates shares, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private TrafficSample _current = new(clock.GetUtcNow(), default, 0, 0, 0, [], TrafficShares.None);
    private TaskCompletionSource _next = NewSignal();

    public TrafficSample Current
    {
        get
        {
            lock (_gate)
            {
                return _current;
            }
        }
    }

    /// <summary>The present sample, then each new one; a slow reader skips those between.</summary>
    public async IAsyncEnumerable<TrafficSample> WatchAsync([EnumeratorCancellation] CancellationToken token)
    {
        while (true)
        {
            var (sample, next) = CurrentAndNext();
            yield return sample;
            await next.WaitAsync(token);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var stamp = clock.GetTimestamp();
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var now = clock.GetTimestamp();
                Take(clock.GetElapsedTime(stamp, now));
                stamp = now;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The Router stops.
        }
    }

    private void Take(TimeSpan elapsed)
    {
        var seconds = elapsed.TotalSeconds;
        var totals = paths.Totals;
        var taken = shares.Take(elapsed);
        TaskCompletionSource signal;
        lock (_gate)
        {
            var packets = totals.Packets - _current.Totals.Packets;
            var bytes = totals.Bytes - _current.Totals.Bytes;
            _current = new(clock.GetUtcNow(), totals, run.DroppedCount, packets / seconds, bytes * 8 / seconds, rates.Current, taken);
            signal = _next;
            _next = NewSignal();
        }

        signal.SetResult();
    }

    private (TrafficSample Current, Task Next) CurrentAndNext()
    {
        lock (_gate)
        {
            return (_current, _next.Task);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
