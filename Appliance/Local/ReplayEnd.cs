using Appliance.Detector;
using Appliance.Hosting;
using Appliance.Logger.Fanout;
using Appliance.Router.Traffic;

namespace Appliance.Local;

/// <summary>Tells when a replay has gone all the way, and what it came to.</summary>
internal sealed class ReplayEnd(RoleHosts hosts, SiteWatch watch, AlertSubscriber subscriber, TimeProvider clock)
{
    /// <summary>Each stage hands on within milliseconds, so this long without a new alert, block or message means that all have arrived.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3);

    /// <summary>A message still missing by then is lost, and is told as lost.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private CaptureRun Capture => hosts.Services(Role.Router).GetRequiredService<CaptureRun>();

    /// <summary>Why the capture could not be played to its end; null when it was.</summary>
    public string? Fault => Capture.Fault?.Text;

    public async Task WaitAsync(CancellationToken token)
    {
        await Capture.Completion.WaitAsync(token);
        var end = clock.GetTimestamp();
        var (state, since) = (State(), end);
        while (clock.GetElapsedTime(end) < Deadline && (clock.GetElapsedTime(since) < Quiet || !state.Seen || !AllTold()))
        {
            await Task.Delay(Look, clock, token);
            if (State() is var now && now != state)
            {
                (state, since) = (now, clock.GetTimestamp());
            }
        }
    }

    public ReplaySummary Summarize(double seconds)
    {
        var totals = Capture.Totals;
        return new ReplaySummary(totals.Packets, totals.Flows, watch.Summarize(subscriber.HasReceived), seconds);
    }

    private bool AllTold() => watch.Summarize(subscriber.HasReceived).All(alert => alert.Mqtt);

    private (bool Seen, ulong Revision, int Responses, int Told) State()
    {
        var alerts = watch.Summarize(subscriber.HasReceived);
        // The Detector dials a Router that starts last, and may come to a short capture after its end.
        var seen = hosts.Services(Role.Detector).GetRequiredService<FlowProgress>().HasReached(Capture.Epoch, Capture.LastSequence);
        return (seen, watch.Revision, alerts.Count(alert => alert.Response != "none"), alerts.Count(alert => alert.Mqtt));
    }
}
