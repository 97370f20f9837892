using System.Runtime.CompilerServices;
using Appliance.Detector.Flows;

namespace Appliance.Detector.Detectors.BruteForce;

/// <summary>Counts failed log-ins by source and service, by source over many hosts, and by service over many sources.</summary>
/// <remarks>
/// Bound: the sixth failure within ten minutes (<see cref="BruteForceOptions.FailedLogins"/>), counted exactly. A success before
/// that clears the pair: a person has remembered the password; thirty failures in an hour are guessing all the same. A
/// success after it is of critical severity: the guess was right. A pair forgotten because the table was full starts at none.
/// </remarks>
internal sealed class BruteForceDetector : IFlowDetector
{
    private const string Guessing = "T1110.001";
    private const string Spraying = "T1110.003";

    private readonly BruteForceOptions _options;
    private readonly FindingReport _report;
    private readonly BoundedTable<LoginKey, LoginTally> _pairs;
    private readonly BoundedTable<LoginKey, LoginTally> _slowPairs;
    private readonly BoundedTable<LoginKey, LoginTally> _sources;
    private readonly BoundedTable<LoginKey, LoginTally> _services;
    private readonly BoundedTable<LoginKey, LoginTally> _shapes;
    private readonly long _window;
    private readonly long _slowWindow;

    public BruteForceDetector(BruteForceOptions options, FindingReport report)
    {
        _options = options;
        _report = report;
        _pairs = new BoundedTable<LoginKey, LoginTally>(options.Pairs);
        _slowPairs = new BoundedTable<LoginKey, LoginTally>(options.Pairs);
        _sources = new BoundedTable<LoginKey, LoginTally>(options.Pairs);
        _services = new BoundedTable<LoginKey, LoginTally>(options.Pairs);
        _shapes = new BoundedTable<LoginKey, LoginTally>(options.Pairs);
        _window = options.Window.Ticks * TimeSpan.NanosecondsPerTick;
        _slowWindow = options.SlowWindow.Ticks * TimeSpan.NanosecondsPerTick;
    }

    public string Name => "failed-logins";

    public long Evicted => _pairs.Evicted + _slowPairs.Evicted + _sources.Evicted + _services.Evicted + _shapes.Evicted;

    public void Observe(in FlowEvent flowEvent, in FlowGrowth growth)
    {
        var failures = growth.LoginFailures;
        if (failures == 0 && growth.LoginSuccesses == 0 && !SshShape.IsTry(flowEvent))
        {
            return;
        }

        var key = flowEvent.Flow.Key;
        var pair = new LoginKey(key.Source, key.Destination, new Service(key.Protocol, key.DestinationPort));
        for (var i = 0; i < failures; i++)
        {
            Fail(pair, flowEvent);
        }

        if (growth.LoginSuccesses > 0)
        {
            Succeed(pair, flowEvent);
        }
        else if (failures == 0)
        {
            CountShape(pair, flowEvent);
        }
    }

    public void AdvanceTo(long time)
    {
        // Nothing waits here.
    }

    public void Finish()
    {
        // Nothing waits here.
    }

    private static LoginTally Find(BoundedTable<LoginKey, LoginTally> table, in LoginKey key, int limit)
    {
        ref var tally = ref table.Touch(key, out _);
        return tally ??= new LoginTally(limit);
    }

    private void Fail(in LoginKey pair, in FlowEvent flowEvent)
    {
        var time = flowEvent.Time;
        var own = Find(_pairs, pair, _options.FailedLogins);
        if (time - own.LastTime > _window)
        {
            own.Clear();
        }

        var slow = Find(_slowPairs, pair, _options.SlowFailedLogins);
        var source = Find(_sources, pair with { Destination = default }, _options.SprayFailedLogins);
        var service = Find(_services, pair with { Source = default }, _options.SharedFailedLogins);
        ForgetPeers(source, time);
        ForgetPeers(service, time);
        own.Fail(pair.Destination, time);
        slow.Fail(pair.Destination, time);
        source.Fail(pair.Destination, time);
        service.Fail(pair.Source, time);

        if (own.ToldFailures > 0 || own.CountSince(time - _window) >= _options.FailedLogins)
        {
            Tell(pair, own, flowEvent, Guessing, OwnReason(own));
        }
        else if (slow.CountSince(time - _slowWindow) >= _options.SlowFailedLogins)
        {
            Tell(pair, slow, flowEvent, Guessing, new Reason("failed log-ins in an hour", _options.SlowFailedLogins, 2, "{0:0} log-ins failed within the hour, with successes in between; normal is at most {1:0}"));
        }
        else if (source.Peers >= _options.SprayHosts && source.CountSince(time - _window) >= _options.SprayFailedLogins)
        {
            Tell(pair, source, flowEvent, Spraying, new Reason("hosts tried", source.Peers, 1, "log-ins failed at {0:0} hosts, a few at each; normal is {1:0}"));
        }
        else if (IsShared(service, own, time))
        {
            Tell(pair, own, flowEvent, Spraying, new Reason("sources that fail here", service.Peers, 1, "{0:0} sources fail to log in at this service at the same time; normal is {1:0}"));
        }
    }

    private void CountShape(in LoginKey pair, in FlowEvent flowEvent)
    {
        var shapes = Find(_shapes, pair, _options.ShapedConnections);
        ForgetPeers(shapes, flowEvent.Time);
        shapes.Fail(pair.Destination, flowEvent.Time);
        if (shapes.CountSince(flowEvent.Time - _window) >= _options.ShapedConnections)
        {
            Tell(pair, shapes, flowEvent, Guessing, new Reason("short SSH connections", _options.ShapedConnections, 2, "{0:0} SSH connections ended right after the key exchange; normal is at most {1:0}"));
        }
    }

    // One failure is anybody's; the second of a source during a shared attack makes it a part of it.
    private bool IsShared(LoginTally service, LoginTally own, long time) =>
        service.Peers >= _options.SharedSources
        && service.CountSince(time - _window) >= _options.SharedFailedLogins
        && own.CountSince(time - _window) >= 2;

    private void ForgetPeers(LoginTally tally, long time)
    {
        if (time - tally.LastTime > _window)
        {
            tally.Clear();
        }
    }

    private Reason OwnReason(LoginTally own) => new(
        "failed log-ins",
        own.ToldFailures == 0 ? _options.FailedLogins : own.ToldFailures + 1,
        2,
        "{0:0} log-ins failed at this service; people fail at most {1:0} in a row");

    private void Succeed(in LoginKey pair, in FlowEvent flowEvent)
    {
        _shapes.TryRemove(pair, out _);
        ref var tally = ref _pairs.Find(pair);
        if (Unsafe.IsNullRef(ref tally))
        {
            return;
        }

        var own = tally;
        if (own.ToldFailures > 0 && flowEvent.Time - own.LastTime <= _slowWindow)
        {
            var finding = Describe(pair, own, flowEvent, "T1110") with { Severity = Severity.Critical, Confidence = 0.99, NewEvents = 1 };
            _report(finding, [pair.Destination],
            [
                new Reason("log-in after failures", own.ToldFailures, 2, "a log-in succeeded after {0:0} failures; people fail at most {1:0} times before"),
            ]);
        }

        own.Clear();
    }

    private void Tell(in LoginKey pair, LoginTally tally, in FlowEvent flowEvent, string technique, in Reason reason)
    {
        var newEvents = tally.ToldFailures == 0 ? tally.CountSince(long.MinValue) : 1;
        tally.ToldFailures += newEvents;
        _report(Describe(pair, tally, flowEvent, technique) with { NewEvents = newEvents }, [pair.Destination], [reason]);
    }

    private Finding Describe(in LoginKey pair, LoginTally tally, in FlowEvent flowEvent, string technique) => new()
    {
        Detector = Name,
        Category = Category.BruteForce,
        Severity = Severity.High,
        Source = Suspect.FromAddress(pair.Source),
        SourceMac = flowEvent.Flow.SourceMac,
        IsSourceConfirmed = flowEvent.Flow.IsSourceConfirmed,
        Service = pair.Service,
        Technique = technique,
        Confidence = 0.95,
        Time = flowEvent.Time,
        FirstTime = tally.FirstTime,
        NewEvents = 0,
    };
}
