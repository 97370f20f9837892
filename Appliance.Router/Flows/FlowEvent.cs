using Appliance.Router.Decoding;
using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Flows;

/// <summary>One thing that happened, at a moment of the capture's clock.</summary>
/// <remarks>The flow is as it was then, and empty for a neighbor or a fact; times are nanoseconds since 1970 UTC.</remarks>
public readonly record struct FlowEvent(FlowEventKind Kind, long Time, Flow Flow, Neighbor Neighbor, Fact? Fact = null)
{
    /// <summary>About how many bytes the texts in it take, which senders choose: what holds or sends events is bounded by it.</summary>
    internal int TextWeight => Fact is not null ? Fact.Weight : Flow.FirstBytes?.Weight ?? 0;
}
