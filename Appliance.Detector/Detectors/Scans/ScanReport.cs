using Appliance.Detector.Flows;

namespace Appliance.Detector.Detectors.Scans;

/// <summary>Decides whether a source's failed contacts are a scan, and says so.</summary>
internal sealed class ScanReport(ScanOptions options, RandomWalk walk, LocalNetworks local, FindingReport report)
{
    public const string DetectorName = "threshold-random-walk";

    private const long Second = 1_000_000_000;
    private const string ServiceDiscovery = "T1046";
    private const string ActiveScanning = "T1595.001";

    // One host asked for ten services is looked over, whatever the protocol.
    private const int VerticalServices = 10;

    // Worm-like: the same service of ten hosts outside, asked for from inside.
    private const int WormHosts = 10;

    // An outage makes a client fail as often as it asks, which is not fifty new targets a minute.
    private const int RapidTargets = 50;
    private const long RapidWindow = 60 * Second;

    public void Consider(ScanSource source, in Contact contact, long time)
    {
        if (source.Episode is null)
        {
            if (!IsScan(source, time, out var summary))
            {
                return;
            }

            var contacts = source.Failed.Count;
            source.Episode = new ScanEpisode
            {
                Service = summary.IsOneService(contacts) ? summary.TopService : default,
                FirstTime = source.Failed.Newest(contacts - 1).Time,
                FailedCount = contacts,
                NextLook = contacts + 1,
                Severity = Weigh(source, summary, contacts, contact.Source, time),
                Summary = summary,
            };
            Tell(source, source.Episode, contact, contacts, time);
            return;
        }

        Grow(source, source.Episode, contact, time);
    }

    private void Grow(ScanSource source, ScanEpisode episode, in Contact contact, long time)
    {
        episode.FailedCount++;
        if (episode.FailedCount >= episode.NextLook)
        {
            episode.Summary = source.Failed.Summarize();
            episode.Severity = Max(episode.Severity, Weigh(source, episode.Summary, episode.FailedCount, contact.Source, time));
            // Looked at 6, 7, 9, 13, … so that the quadratic summary costs a constant a contact.
            episode.NextLook += Math.Max(1, episode.FailedCount / 4);
        }

        Tell(source, episode, contact, 1, time);
    }

    private bool IsScan(ScanSource source, long time, out FailedContactSummary summary)
    {
        summary = default;
        var failed = source.Failed;
        if (failed.Count < options.MinimumTargets)
        {
            return false;
        }

        var isDecided = source.Walk >= walk.Bound;
        var isMany = failed.Count >= options.FailedTargets
            && failed.Newest(options.FailedTargets - 1).Time >= time - (300 * Second)
            && StrongCount(failed, options.FailedTargets) == options.FailedTargets;
        if (!isDecided && !isMany)
        {
            return false;
        }

        summary = failed.Summarize();
        return summary.Targets >= options.MinimumTargets;
    }

    private Severity Weigh(ScanSource source, in FailedContactSummary summary, long failedCount, UInt128 address, long time)
    {
        var failed = source.Failed;
        var isCertain = StrongCount(failed, failed.Count) >= options.MinimumTargets
            || summary.PortsOfTopHost >= VerticalServices
            || failed.CountSince(time - RapidWindow) >= RapidTargets
            || !local.Contains(address);
        if (!isCertain || (summary.IsPeerToPeer(failed.Count) && local.Contains(address) && !local.Contains(failed.Newest(0).Host)))
        {
            return Severity.Low;
        }

        return failedCount >= options.ManyTargets || IsWormLike(failed, summary, address) ? Severity.High : Severity.Medium;
    }

    private bool IsWormLike(FailedContacts failed, in FailedContactSummary summary, UInt128 address)
    {
        if (summary.TopCount < WormHosts || !local.Contains(address))
        {
            return false;
        }

        var outside = 0;
        for (var i = 0; i < failed.Count; i++)
        {
            ref readonly var contact = ref failed.Newest(i);
            outside += contact.Service == summary.TopService && !local.Contains(contact.Host) ? 1 : 0;
        }

        return outside >= WormHosts;
    }

    private static int StrongCount(FailedContacts failed, int newest)
    {
        var count = 0;
        for (var i = 0; i < newest; i++)
        {
            count += failed.Newest(i).IsWeak ? 0 : 1;
        }

        return count;
    }

    private void Tell(ScanSource source, ScanEpisode episode, in Contact contact, int newEvents, long time)
    {
        episode.LastTime = time;
        var finding = new Finding
        {
            Detector = DetectorName,
            Category = Category.Scan,
            Severity = episode.Severity,
            Source = Suspect.FromAddress(contact.Source),
            SourceMac = source.Mac,
            IsSourceConfirmed = source.IsConfirmed,
            Service = episode.Service,
            Technique = local.Contains(contact.Source) ? ServiceDiscovery : ActiveScanning,
            Confidence = episode.Severity == Severity.Low ? 0.6 : 1 - options.ErrorShare,
            Time = time,
            FirstTime = episode.FirstTime,
            NewEvents = newEvents,
        };
        Span<UInt128> hosts = stackalloc UInt128[newEvents];
        for (var i = 0; i < newEvents; i++)
        {
            hosts[newEvents - 1 - i] = source.Failed.Newest(i).Host;
        }

        report(finding, hosts,
        [
            new Reason("failed contacts", episode.FailedCount, options.MinimumTargets - 1, "{0:0} first contacts failed; a healthy client has at most {1:0} open at once"),
            new Reason("failed contacts in 10 s", source.Failed.CountSince(time - (10 * Second)), 2, "{0:0} of them within the last 10 seconds, normal is 0 to {1:0}"),
            new Reason("hosts", episode.Summary.Hosts, 4, "{0:0} different hosts among the last failed contacts"),
            new Reason("services of one host", episode.Summary.PortsOfTopHost, 2, "{0:0} different services of one host asked for, normal is 1 to {1:0}"),
        ]);
    }

    private static Severity Max(Severity one, Severity other) => one > other ? one : other;
}
