using Appliance.Router.Decoding;

namespace Appliance.Router.Flows;

/// <summary>Learns from the first payload of a flow what it speaks, and then follows its log-ins; keeps none of it.</summary>
internal sealed class FirstBytes(int trackedLogins, FlowFacts? facts)
{
    // Banner, greeting and first command of either side; what is still unknown then stays so.
    private const int MaxFirstPayloads = 6;

    private readonly LoginTracks _tracks = new(trackedLogins);

    public long UntrackedLoginsCount => _tracks.RefusedCount;

    public long UnreadFactsCount => facts?.UnreadCount ?? 0;

    /// <summary>Takes the first packet of a flow.</summary>
    public void Begin(ref FlowEntry entry, in Packet packet) => facts?.Begin(ref entry, packet);

    /// <summary>Takes a packet that has payload; true when it has shown a log-in's outcome.</summary>
    public bool Observe(ref FlowEntry entry, in Packet packet, bool isFromSource)
    {
        if ((entry.Marks & (isFromSource ? EntryMarks.ReadsOut : EntryMarks.ReadsIn)) != EntryMarks.None)
        {
            facts?.Observe(ref entry, packet, isFromSource);
        }

        if (entry.Application == ApplicationKind.Unknown && entry.FirstPayloads < MaxFirstPayloads && !packet.Payload.IsEmpty)
        {
            entry.FirstPayloads++;
            Recognize(ref entry, packet, isFromSource);
        }

        if (entry.Track == LoginTracks.None)
        {
            return false;
        }

        ref var track = ref _tracks[entry.Track];
        var isKnown = Note(ref entry, track.Observe(packet, isFromSource), track);
        if (track.IsDone)
        {
            Release(ref entry);
        }

        return isKnown;
    }

    /// <summary>Forgets what a flow has said, as it leaves.</summary>
    public void Forget(ref FlowEntry entry) => facts?.Forget(ref entry);

    /// <summary>Ends the log-in's track; true when the end itself has shown an outcome.</summary>
    public bool Close(ref FlowEntry entry)
    {
        facts?.Close(ref entry);
        if (entry.Track == LoginTracks.None)
        {
            return false;
        }

        ref var track = ref _tracks[entry.Track];
        var isKnown = Note(ref entry, track.Close(), track);
        Release(ref entry);
        return isKnown;
    }

    private void Recognize(ref FlowEntry entry, in Packet packet, bool isFromSource)
    {
        var isGreeted = (entry.Marks & EntryMarks.Greeted) != EntryMarks.None;
        entry.Application = ApplicationReader.Recognize(packet, isFromSource, isGreeted);
        if (!isFromSource && ApplicationReader.IsGreeting(packet.Payload))
        {
            entry.Marks |= EntryMarks.Greeted;
        }

        // Without its beginning it is not known which side of a flow is the client.
        if (packet.Protocol == IPProtocol.Tcp && !entry.IsMidstream && LoginTrack.CanFollow(entry.Application))
        {
            entry.Track = _tracks.Take(entry.Application);
        }
    }

    private void Release(ref FlowEntry entry)
    {
        _tracks.Release(entry.Track);
        entry.Track = LoginTracks.None;
    }

    private bool Note(ref FlowEntry entry, LoginOutcome outcome, in LoginTrack track)
    {
        entry.TriesDefaults |= track.IsDefault;
        if (outcome != LoginOutcome.None)
        {
            facts?.Tell(entry, track.Application, outcome, track.IsDefault);
        }

        switch (outcome)
        {
            case LoginOutcome.Failed:
                entry.LoginFailures = (ushort)Math.Min(entry.LoginFailures + 1, ushort.MaxValue);
                return true;
            case LoginOutcome.Succeeded:
                entry.LoginSuccesses = (ushort)Math.Min(entry.LoginSuccesses + 1, ushort.MaxValue);
                return true;
            default:
                return false;
        }
    }
}
