using Appliance.Router.Flows;

namespace Appliance.Evaluation;

/// <summary>A simple way of detecting that the product must beat, over the same flow events.</summary>
internal interface IBaseline
{
    /// <summary>At most one for each source and kind, as people would see it.</summary>
    IReadOnlyList<Alarm> Alarms { get; }

    void Observe(in FlowEvent flowEvent, in Gain gain);
}
