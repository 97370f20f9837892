using System.Runtime.CompilerServices;
using Appliance.Router.Decoding;

namespace Appliance.Router.Flows;

/// <summary>How flows end: closed by their ends, silent for too long, given up, or with the capture.</summary>
/// <remarks>A closed TCP flow stays for a while, so that its last late packets count towards it and not as a new flow.</remarks>
internal sealed class FlowEndings(FlowStore store, FlowPatience patience, FirstBytes firstBytes, FlowAnnouncer announcer)
{
    private readonly FlowWheel _wheel = new(store.Capacity);

    /// <summary>The capture's clock.</summary>
    public long Now => announcer.Now;

    public long EvictedCount { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AdvanceTo(long time)
    {
        if (time <= Now)
        {
            return;
        }

        announcer.Now = time;
        if (time >= _wheel.NextTime)
        {
            RunTimers(time);
        }
    }

    private void RunTimers(long time)
    {
        while (_wheel.TryTake(time, out var place, out var due))
        {
            OnTimer(place, due);
        }
    }

    /// <summary>Looks at the flow again at the given time.</summary>
    public void Watch(int place, long time) => _wheel.Set(place, time);

    /// <summary>Tells of the end; the flow itself stays for late packets.</summary>
    public void Close(int place, EndReason reason, long time)
    {
        ref var entry = ref store[place];
        firstBytes.Close(ref entry);
        entry.EndReason = reason;
        entry.NextTime = time + patience.Linger;
        store.MarkClosed(place);
        _wheel.Set(place, entry.NextTime);
        announcer.Tell(FlowEventKind.Ended, entry, time);
    }

    /// <summary>Tells of the end, if that is still to do, and lets the flow go.</summary>
    public void Leave(int place, EndReason reason)
    {
        ref var entry = ref store[place];
        if (!entry.IsClosed)
        {
            Close(place, IsFinishing(entry) ? EndReason.Finished : reason, Now);
        }

        Forget(place);
    }

    /// <summary>Gives up the flow that is worth least.</summary>
    public void Evict()
    {
        var place = store.ChooseVictim();
        if (!store[place].IsClosed)
        {
            EvictedCount++;
        }

        Leave(place, EndReason.Evicted);
    }

    public void EndAll()
    {
        for (var place = 0; place < store.Extent; place++)
        {
            if (store.Holds(place))
            {
                Leave(place, EndReason.CaptureEnded);
            }
        }
    }

    private void OnTimer(int place, long time)
    {
        ref var entry = ref store[place];
        if (entry.IsClosed)
        {
            Forget(place);
            return;
        }

        var idle = entry.LastTime + patience.Of(entry);
        if (idle <= time)
        {
            OnSilence(place, IsFinishing(entry), time);
            return;
        }

        if (entry.NextTime <= time)
        {
            TellActive(ref entry, time);
        }

        _wheel.Set(place, Math.Min(idle, entry.NextTime));
    }

    private void OnSilence(int place, bool isFinishing, long time)
    {
        Close(place, isFinishing ? EndReason.Finished : EndReason.Idle, time);
        if (!isFinishing)
        {
            Forget(place);
        }
    }

    private void TellActive(ref FlowEntry entry, long time)
    {
        if (entry.LastTime > entry.NextTime - patience.ActiveInterval)
        {
            announcer.Tell(FlowEventKind.Updated, entry, time);
        }

        entry.NextTime = time + patience.ActiveInterval;
    }

    private void Forget(int place)
    {
        _wheel.Clear(place);
        announcer.Record(store[place]);
        firstBytes.Forget(ref store[place]);
        store.Release(place);
    }

    private static bool IsFinishing(in FlowEntry entry) => entry.Protocol == IPProtocol.Tcp && TcpConversation.IsFinishing(entry);
}
