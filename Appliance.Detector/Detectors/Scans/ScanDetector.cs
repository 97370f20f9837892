using System.Runtime.CompilerServices;
using Appliance.Detector.Flows;

namespace Appliance.Detector.Detectors.Scans;

/// <summary>Threshold random walk over first contacts: finds whoever reaches for many things that are not there.</summary>
/// <remarks>
/// Bound: the fifth distinct failed contact (<see cref="ScanOptions.MinimumTargets"/>) decides, the sixteenth where silence has
/// another likely cause; with answers in between each costs one failure more, but never more than one for the past.
/// 25 failed targets in five minutes decide in any case. Wrong decisions by the walk's own model: 1 % both ways.
/// A full table forgets the source unseen for longest: a scan slower than the table's turnover is then missed. Sources with one
/// contact have a table of their own, so forged sources push out no scanner.
/// </remarks>
internal sealed class ScanDetector : IFlowDetector
{
    private readonly ScanOptions _options;
    private readonly RandomWalk _walk;
    private readonly ScanReport _report;
    private readonly LocalNetworks _local;
    private readonly BoundedTable<AddressKey, NewSource> _newSources;
    private readonly BoundedTable<AddressKey, ScanSource> _sources;
    private readonly BoundedTable<PendingKey, PendingContact> _pending;
    private readonly ulong _seed = (ulong)Random.Shared.NextInt64();
    private readonly long _answerTime;
    private long _now;

    public ScanDetector(ScanOptions options, FindingReport report)
    {
        _options = options;
        _walk = new RandomWalk(options);
        _local = new LocalNetworks(options.LocalNetworks);
        _report = new ScanReport(options, _walk, _local, report);
        _newSources = new BoundedTable<AddressKey, NewSource>(options.NewSources);
        _sources = new BoundedTable<AddressKey, ScanSource>(options.Sources);
        _pending = new BoundedTable<PendingKey, PendingContact>(options.PendingContacts);
        _answerTime = options.AnswerTime.Ticks * TimeSpan.NanosecondsPerTick;
    }

    public string Name => ScanReport.DetectorName;

    public long Evicted => _sources.Evicted + _pending.Evicted + _newSources.Evicted;

    public void Observe(in FlowEvent flowEvent, in FlowGrowth growth)
    {
        if (!Contact.TryRead(flowEvent.Flow, out var contact))
        {
            return;
        }

        var target = contact.Target(_seed);
        switch (flowEvent.Kind)
        {
            case FlowEventKind.Began:
                Begin(contact, target, flowEvent.Time);
                break;
            case FlowEventKind.Answered:
                Settle(contact, target, ContactOutcome.Answered, flowEvent.Time);
                break;
            case FlowEventKind.Refused:
                Settle(contact, target, Failure(contact, wasSilent: false), flowEvent.Time);
                break;
            case FlowEventKind.Ended:
                End(flowEvent.Flow, contact, target, flowEvent.Time);
                break;
            default:
                break;
        }

        if (flowEvent.Flow.IsSourceConfirmed)
        {
            Confirm(contact.Source);
        }
    }

    public void AdvanceTo(long time)
    {
        _now = time;
        JudgeSilent(time);
    }

    // A capture that ends in the middle of a scan: ten probes in 0.2 ms are a scan all the same.
    public void Finish() => JudgeSilent(long.MaxValue);

    private void JudgeSilent(long deadline)
    {
        while (_pending.TryPeekOldest(out var key, out var waiting) && waiting.Deadline <= deadline)
        {
            _pending.TryRemove(key, out _);
            Judge(waiting.Contact, Failure(waiting.Contact, wasSilent: true), Math.Min(waiting.Deadline, _now));
        }
    }

    private void Begin(in Contact contact, ulong target, long time)
    {
        var key = new AddressKey(contact.Source);
        if (!Unsafe.IsNullRef(ref _sources.Find(key)))
        {
            // Touched, so that an active source is the last to be forgotten.
            if (_sources.Touch(key, out _).Add(target, time))
            {
                Await(contact, target, time);
            }

            return;
        }

        ref var newSource = ref _newSources.Touch(key, out var isNew);
        if (isNew)
        {
            // The contact waits in this entry: a flood of forged sources crowds out no contact of others.
            newSource = new NewSource { Target = target, Contact = contact, Time = time };
        }
        else if (newSource.Target != target)
        {
            Promote(key, newSource, time).Add(target, time);
            Await(contact, target, time);
        }
    }

    private void Await(in Contact contact, ulong target, long time) =>
        _pending.Touch(new PendingKey(contact.Source, target), out _) = new PendingContact(contact, time + _answerTime);

    private void End(in Flow flow, in Contact contact, ulong target, long time)
    {
        if (flow.State == FlowState.Answered || flow.PacketsIn > 0)
        {
            // The answer itself was lost in a gap of the stream.
            Settle(contact, target, ContactOutcome.Answered, time);
        }
        else if (flow.EndReason != EndReason.Evicted)
        {
            Settle(contact, target, Failure(contact, flow.State != FlowState.Refused), time);
        }
    }

    private void Settle(in Contact contact, ulong target, ContactOutcome outcome, long time)
    {
        if (_pending.TryRemove(new PendingKey(contact.Source, target), out _))
        {
            Judge(contact, outcome, time);
            return;
        }

        ref var newSource = ref _newSources.Find(new AddressKey(contact.Source));
        if (!Unsafe.IsNullRef(ref newSource) && newSource.Target == target && newSource.Outcome == ContactOutcome.Pending)
        {
            newSource.Outcome = outcome;
        }
    }

    // UDP and ping owe no answer; and when the way out is down every cloud service is silent, so such
    // failures say less. A port of a neighbor that is closed or dark says what the paper's failure says.
    private ContactOutcome Failure(in Contact contact, bool wasSilent)
    {
        var isTcp = contact.Protocol == IpProtocol.Tcp;
        var isMute = wasSilent && !isTcp;
        return isMute || IsOutageProne(contact, isTcp) ? ContactOutcome.FailedWeakly : ContactOutcome.Failed;
    }

    private bool IsOutageProne(in Contact contact, bool isTcp) =>
        (!isTcp || CloudPorts.Contains(contact.Port)) && _local.Contains(contact.Source) && !_local.Contains(contact.Destination);

    // The second contact: from here on the source is followed.
    private ScanSource Promote(in AddressKey key, NewSource first, long time)
    {
        var source = new ScanSource { Mac = first.Contact.SourceMac, IsConfirmed = first.IsConfirmed };
        source.Add(first.Target, first.Time);
        if (first.Outcome == ContactOutcome.Pending && time - first.Time < _answerTime)
        {
            Await(first.Contact, first.Target, first.Time);
        }
        else
        {
            var outcome = first.Outcome == ContactOutcome.Pending ? Failure(first.Contact, wasSilent: true) : first.Outcome;
            source.Judge(first.Contact, outcome, first.Time, _walk);
        }

        _newSources.TryRemove(key, out _);
        _sources.Touch(key, out _) = source;
        return source;
    }

    private void Judge(in Contact contact, ContactOutcome outcome, long time)
    {
        ref var found = ref _sources.Find(new AddressKey(contact.Source));
        if (Unsafe.IsNullRef(ref found))
        {
            // Forgotten since.
            return;
        }

        var source = found;
        source.Judge(contact, outcome, time, _walk);
        if (outcome != ContactOutcome.Answered)
        {
            _report.Consider(source, contact, time);
        }
    }

    private void Confirm(UInt128 address)
    {
        var key = new AddressKey(address);
        ref var source = ref _sources.Find(key);
        if (!Unsafe.IsNullRef(ref source))
        {
            source.IsConfirmed = true;
            return;
        }

        ref var newSource = ref _newSources.Find(key);
        if (!Unsafe.IsNullRef(ref newSource))
        {
            newSource.IsConfirmed = true;
        }
    }

    private readonly record struct PendingKey(UInt128 Source, ulong Target)
    {
        public override int GetHashCode() => HashCode.Combine(Source, Target);
    }

    private readonly record struct PendingContact(Contact Contact, long Deadline);
}
