using Appliance.Detector.Flows;

namespace Appliance.Detector.Detectors;

/// <summary>Looks at every event once, in order, in constant time, with bounded state.</summary>
internal interface IFlowDetector
{
    /// <summary>As alerts name it.</summary>
    string Name { get; }

    /// <summary>States forgotten because a table was full; each costs the detector's stated error.</summary>
    long Evicted { get; }

    /// <summary>The event's time never lies before the last one's.</summary>
    void Observe(in FlowEvent flowEvent, in FlowGrowth growth);

    /// <summary>No event before this time is still to come.</summary>
    void AdvanceTo(long time);

    /// <summary>No event is still to come: what is pending is judged as it stands.</summary>
    void Finish();
}
