using System.Runtime.CompilerServices;
using Appliance.Router.Decoding;
using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Flows;

/// <summary>Tells the sinks what has happened, and when.</summary>
/// <remarks>Nothing here is inlined: an event holds references, so whoever had one on its stack would clear its 300 bytes for each packet.</remarks>
internal sealed class FlowAnnouncer(IFlowEventSink events, IFlowRecordSink? records, IFactSink? facts, FirstBytesTable? said, string interfaceName)
{
    /// <summary>The capture's clock, which never goes back: the latest time seen, nanoseconds since 1970 UTC.</summary>
    public long Now { get; set; }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Tell(FlowEventKind kind, in FlowEntry entry, long time)
    {
        // Not by the constructor: that would copy the flow, some 300 bytes, twice more.
        var told = new FlowEvent { Kind = kind, Time = time, Flow = entry.ToFlow(said?.Find(entry), interfaceName) };
        events.Accept(told);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Tell(in Neighbor neighbor, long time)
    {
        var told = new FlowEvent(FlowEventKind.Neighbor, time, default, neighbor);
        events.Accept(told);
    }

    // Its own time may lie before that of events that have been told.
    public void Tell(Fact fact) => facts?.Accept(fact, Now);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Record(in FlowEntry entry)
    {
        if (records is not null)
        {
            var flow = entry.ToFlow(said?.Find(entry), interfaceName);
            records.Accept(flow);
        }
    }
}
