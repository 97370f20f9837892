using System.Threading.Channels;
using Appliance.Hosting.Health;
using Appliance.Router.Flows;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Export;

/// <summary>Sends flow records to one collector for as long as the Router runs; another collector's trouble is none of its own.</summary>
internal sealed partial class CollectorSession(CollectorOptions collector, IOptions<ExportOptions> options, HealthBoard health, TimeProvider clock, ILogger<CollectorSession> logger)
{
    // Records wait so long for others, so that a message is worth its headers.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    // Exporting never waits: a collector that is away too long misses records, and it is counted how many.
    private readonly Channel<Flow> _queue = Channel.CreateBounded<Flow>(
        new BoundedChannelOptions(options.Value.QueuedFlows) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true, SingleWriter = true });

    private readonly List<Flow> _pending = [];
    private TimeSpan _pause = FirstPause;

    public string Name { get; } = $"{(collector.Transport == CollectorTransport.Udp ? "udp" : "tcp")} {(collector.Host.Contains(':', StringComparison.Ordinal) ? $"[{collector.Host}]" : collector.Host)}:{collector.Port}";

    public ExportFigures Figures { get; } = new();

    /// <summary>Flow records that wait.</summary>
    public int QueuedCount => _queue.Reader.Count;

    public void Offer(in Flow flow)
    {
        if (!_queue.Writer.TryWrite(flow))
        {
            Figures.Unsent(1);
        }
    }

    /// <summary>Nothing more will come.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    /// <summary>Runs until all that was offered has been sent, or the token ends it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (_pending.Count > 0 || !_queue.Reader.Completion.IsCompleted)
        {
            try
            {
                await SendAsync(cancellationToken);
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                Report(PartState.Degraded, $"Cannot export to {Name}: {error.Message}");
                await Task.Delay(_pause, clock, cancellationToken);
                _pause = TimeSpan.FromTicks(Math.Min(2 * _pause.Ticks, LongestPause.Ticks));
            }
        }
    }

    // One transport session: its records are counted from zero, and it begins with the templates.
    private async Task SendAsync(CancellationToken token)
    {
        using var link = collector.Transport == CollectorTransport.Udp ? await UdpLink.OpenAsync(collector, token) : await TcpLink.OpenAsync(collector, clock, token);
        var sender = new MessageSender(link, options.Value, Figures, _pending, clock);
        try
        {
            await SendAsync(sender, token);
        }
        catch (Exception) when (!token.IsCancellationRequested)
        {
            sender.GiveUp();
            throw;
        }
    }

    private async Task SendAsync(MessageSender sender, CancellationToken token)
    {
        await sender.AnnounceAsync(token);
        sender.Resume();
        _pause = FirstPause;
        Report(PartState.Healthy, $"Exports to {Name}.");
        do
        {
            await sender.AnnounceIfDueAsync(token);

            // A flow leaves the queue when it has a place in a message: making one may fail.
            while (_queue.Reader.TryPeek(out var flow))
            {
                await sender.AddAsync(flow, token);
                _queue.Reader.TryRead(out _);
            }

            await sender.FlushAsync(token);
            ReportRefusals(sender);
        }
        while (await WaitAsync(sender.UntilAnnouncement, token));
    }

    // False when nothing more will come; true as well when the time is over.
    private async Task<bool> WaitAsync(TimeSpan time, CancellationToken token)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(token);
        var waiting = _queue.Reader.WaitToReadAsync(enough.Token).AsTask();
        if (await Task.WhenAny(waiting, Task.Delay(time, clock, enough.Token)) != waiting)
        {
            await enough.CancelAsync();
            await waiting.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            token.ThrowIfCancellationRequested();
            return true;
        }

        await enough.CancelAsync();
        if (!await waiting)
        {
            return false;
        }

        if (!_queue.Reader.Completion.IsCompleted)
        {
            await Task.Delay(Gathering, clock, token);
        }

        return true;
    }

    private void ReportRefusals(MessageSender sender)
    {
        var (state, text) = sender.IsRefused
            ? (PartState.Degraded, $"Nothing takes what is exported to {Name}: the datagrams are refused.")
            : (PartState.Healthy, $"Exports to {Name}.");
        Report(state, text);
    }

    private void Report(PartState state, string text)
    {
        var part = $"export to {Name}";
        var known = health.Snapshot.FirstOrDefault(held => held.Part == part);
        if (known?.State == state)
        {
            return;
        }

        health.Report(part, state, text);
        if (state == PartState.Healthy)
        {
            LogExports(Name);
        }
        else
        {
            LogTrouble(text);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The Router exports flows to {Collector}.")]
    private partial void LogExports(string collector);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Trouble}")]
    private partial void LogTrouble(string trouble);
}
