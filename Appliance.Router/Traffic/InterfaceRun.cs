using Appliance.Router.Capture;

namespace Appliance.Router.Traffic;

/// <summary>Watches one interface as long as the Router runs, through all its comings and goings; its flows outlive them.</summary>
internal sealed class InterfaceRun(InterfaceOptions watched, PacketSources sources, IReadOnlyList<PacketPath> paths, CaptureReport report, TimeProvider clock)
{
    // An interface that cannot be had for another reason than that it is not there gives no sign when it can.
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    // While there is nothing to read, the flows' clock is moved on this often.
    private static readonly TimeSpan ClockInterval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private IReadOnlyList<ILiveSource> _opened = [];
    private FrameCounts _before;

    public string Name => watched.Name;

    /// <summary>Over all times that the interface was there. May be read from any thread.</summary>
    public FrameCounts Counts
    {
        get
        {
            lock (_gate)
            {
                return _opened.Aggregate(_before, (sum, source) => sum + Count(source));
            }
        }
    }

    /// <summary>Returns when stopped. It waits in the kernel, in the network namespace of the calling thread, so it takes a thread of its own.</summary>
    public void Run(CancellationToken token)
    {
        using var links = LinkWatch.TryOpen();
        while (!token.IsCancellationRequested)
        {
            // Before it is opened: what changes from now on is heard.
            links?.Drain();
            MoveClock(paths);
            RunOnce(token);
            WaitForChange(links, token);
        }

        foreach (var path in paths)
        {
            path.Finish();
        }
    }

    private void RunOnce(CancellationToken token)
    {
        var opened = sources.Open(watched);
        try
        {
            if (opened[0].Fault is { } fault)
            {
                report.Away(Name, fault.Text);
                return;
            }

            Attach(opened);
            ReadAll(opened, token);
        }
        finally
        {
            Detach();
            foreach (var source in opened)
            {
                source.Dispose();
            }
        }

        if (!token.IsCancellationRequested)
        {
            report.Ended(Name, opened[0].Fault?.Text ?? "it ended", Counts);
        }
    }

    private void ReadAll(IReadOnlyList<ILiveSource> opened, CancellationToken token)
    {
        opened[0].LinkChanged = () => ReportLink(opened[0]);
        ReportLink(opened[0]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(token);
        Task[] threads = [.. opened.Select((source, index) => Task.Factory.StartNew(
            () => ReadOne(source, paths[index], stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];

        // Where threads cannot share, the paths of all but the first have nothing to read.
        PacketPath[] unfed = [.. paths.Skip(opened.Count)];
        while (!Task.WaitAll(threads, unfed.Length == 0 ? Timeout.Infinite : (int)ClockInterval.TotalMilliseconds, CancellationToken.None))
        {
            MoveClock(unfed);
        }
    }

    // When one thread ends, the others do too: they share the interface.
    private static void ReadOne(ILiveSource source, PacketPath path, CancellationTokenSource stop)
    {
        try
        {
            path.RunAsync(source, stop.Token).GetAwaiter().GetResult();
        }
        finally
        {
            stop.Cancel();
        }
    }

    private void ReportLink(ILiveSource source)
    {
        if (source.IsUp)
        {
            report.Watching(Name, source.Weakness);
        }
        else
        {
            report.Away(Name, $"{Name}: it is down; 'ip link set {Name} up' brings it up");
        }
    }

    private void WaitForChange(LinkWatch? links, CancellationToken token)
    {
        var begin = clock.GetTimestamp();
        while (!token.IsCancellationRequested && clock.GetElapsedTime(begin) < RetryInterval)
        {
            if (links is null)
            {
                token.WaitHandle.WaitOne(ClockInterval);
            }
            else if (links.Wait(ClockInterval))
            {
                return;
            }

            MoveClock(paths);
        }
    }

    // Else whoever follows the events of all interfaces would wait for this one.
    private void MoveClock(IEnumerable<PacketPath> unfed)
    {
        var now = (clock.GetUtcNow() - PacketRing.Lag - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        foreach (var path in unfed)
        {
            path.AdvanceTo(now);
        }
    }

    private void Attach(IReadOnlyList<ILiveSource> opened)
    {
        lock (_gate)
        {
            _opened = opened;
        }
    }

    private void Detach()
    {
        lock (_gate)
        {
            _before = _opened.Aggregate(_before, (sum, source) => sum + Count(source));
            _opened = [];
        }
    }

    private static FrameCounts Count(ILiveSource source) => new(source.ReadCount, source.KernelCount, source.DroppedCount);
}
