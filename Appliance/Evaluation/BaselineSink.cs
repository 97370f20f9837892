using Appliance.Router.Flows;

namespace Appliance.Evaluation;

/// <summary>Hands each flow event to the product first and then to the baselines.</summary>
internal sealed class BaselineSink(IFlowEventSink product, IReadOnlyList<IBaseline> baselines) : IFlowEventSink
{
    private readonly FlowGains _gains = new();

    public void Accept(in FlowEvent flowEvent)
    {
        product.Accept(flowEvent);
        var gain = _gains.Measure(flowEvent);
        foreach (var baseline in baselines)
        {
            baseline.Observe(flowEvent, gain);
        }
    }
}
