using Appliance.Router.Flows;

namespace Appliance.Router.Traffic;

/// <summary>What flows are exported by, if they are: it takes all events and all records, on the packet's thread.</summary>
internal interface IFlowExport : IFlowEventSink, IFlowRecordSink
{
    /// <summary>False when it would throw away what it is given.</summary>
    bool IsWanted { get; }
}
