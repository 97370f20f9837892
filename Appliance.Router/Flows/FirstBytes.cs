using Appliance.Router.Decoding;
using Appliance.Router.Decoding.Streams;

namespace Appliance.Router.Flows;

/// <summary>Learns from the first payload of a flow what it speaks, and then follows its log-ins; keeps none of it.</summary>
internal sealed class FirstBytes
{
    // Beginnings of log-ins that are put together are few beside those of which facts are read, and come in pieces of a byte.
    private const int StreamsShare = 4;
    private const int LeastStreams = 16;

    private readonly FlowFacts? _facts;
    private readonly LoginTracks _tracks;
    private readonly StreamHeads _heads;
    private readonly FirstWords _words;
    private readonly LoginSegments _segments;

    public FirstBytes(FlowOptions options, FlowFacts? facts)
    {
        _facts = facts;
        _tracks = new LoginTracks(options.TrackedLogins);
        _heads = new StreamHeads(Math.Max(LeastStreams, options.ReadStreams / StreamsShare), maxParts: StreamHead.Capacity);
        _words = new FirstWords(_heads);
        _segments = new LoginSegments(_heads);
    }

    public long UntrackedLoginsCount => _tracks.RefusedCount;

    public long UnreadFactsCount => (_facts?.UnreadCount ?? 0) + _heads.LostCount;

    /// <summary>Takes the first packet of a flow.</summary>
    public void Begin(ref FlowEntry entry, in Packet packet) => _facts?.Begin(ref entry, packet);

    /// <summary>Takes a packet that has payload; true when it has shown a log-in's outcome.</summary>
    public bool Observe(ref FlowEntry entry, in Packet packet, bool isFromSource)
    {
        if ((entry.Marks & (isFromSource ? EntryMarks.ReadsOut : EntryMarks.ReadsIn)) != EntryMarks.None)
        {
            _facts?.Observe(ref entry, packet, isFromSource);
        }

        var isKnown = false;
        if (FirstWords.IsOpen(entry) && !packet.Payload.IsEmpty)
        {
            _words.Take(ref entry, packet, isFromSource);
            isKnown = entry.Application != ApplicationKind.Unknown && Follow(ref entry, packet.Protocol, isFromSource);
        }

        if (entry.Track == LoginTracks.None)
        {
            return isKnown;
        }

        ref var track = ref _tracks[entry.Track];
        _segments.Take(ref track, entry.HeadKey(isFromSource), packet, isFromSource);
        isKnown |= Note(ref entry, ref track);
        if (track.IsDone)
        {
            Release(ref entry);
        }

        return isKnown;
    }

    /// <summary>Forgets what a flow has said, as it leaves.</summary>
    public void Forget(ref FlowEntry entry) => _facts?.Forget(ref entry);

    /// <summary>Ends the log-in's track; true when the end itself has shown an outcome.</summary>
    public bool Close(ref FlowEntry entry)
    {
        _facts?.Close(ref entry);
        if (entry.Track == LoginTracks.None)
        {
            _words.Release(entry);
            return false;
        }

        ref var track = ref _tracks[entry.Track];
        track.Close();
        var isKnown = Note(ref entry, ref track);
        Release(ref entry);
        return isKnown;
    }

    // Without its beginning it is not known which side of a flow is the client.
    private bool Follow(ref FlowEntry entry, byte protocol, bool isFromSource)
    {
        if (protocol == IPProtocol.Tcp && !entry.IsMidstream && LoginTrack.CanFollow(entry.Application))
        {
            entry.Track = _tracks.Take(entry.Application);
        }

        if (entry.Track == LoginTracks.None)
        {
            _words.Release(entry);
            return false;
        }

        ref var track = ref _tracks[entry.Track];
        if (entry.TryFindBeginning(isFromSource: true, out var beginning))
        {
            track.Out.Begin(beginning);
        }

        if (entry.TryFindBeginning(isFromSource: false, out beginning))
        {
            track.In.Begin(beginning);
        }

        return _heads.Count > 0 && TakeOver(ref entry, ref track, isFromSource);
    }

    // What the other side has said before made this one tell.
    private bool TakeOver(ref FlowEntry entry, ref LoginTrack track, bool isFromSource)
    {
        _segments.TakeOver(ref track, entry.HeadKey(!isFromSource), !isFromSource);
        var isKnown = Note(ref entry, ref track);
        _segments.TakeOver(ref track, entry.HeadKey(isFromSource), isFromSource);
        return isKnown | Note(ref entry, ref track);
    }

    private void Release(ref FlowEntry entry)
    {
        _segments.Release(_tracks[entry.Track], entry.HeadKey(isFromSource: true), entry.HeadKey(isFromSource: false));
        _tracks.Release(entry.Track);
        entry.Track = LoginTracks.None;
    }

    private bool Note(ref FlowEntry entry, ref LoginTrack track)
    {
        entry.TriesDefaults |= track.TriesDefaults;
        var outcome = track.TakeOutcome(out var wasDefault);
        if (outcome != LoginOutcome.None)
        {
            _facts?.Tell(entry, track.Application, outcome, wasDefault);
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
