using Appliance.Detector.Detectors;
using Appliance.Router.Flows;

namespace Appliance.Evaluation;

/// <summary>Alarm when a host, after a minute of learning, opens a flow to an address that it has not talked to before.</summary>
/// <remarks>One alarm a source.</remarks>
internal sealed class NewDestinationBaseline : IBaseline
{
    private readonly KnownPeers _peers = new();
    private readonly HashSet<UInt128> _alarmed = [];
    private readonly List<Alarm> _alarms = [];

    public IReadOnlyList<Alarm> Alarms => _alarms;

    public void Observe(in FlowEvent flowEvent, in Gain gain)
    {
        var source = flowEvent.Flow.Key.Source;
        if (_peers.IsNew(flowEvent) && _alarmed.Add(source))
        {
            _alarms.Add(new Alarm($"{source:x}", flowEvent.Time, Category.None, Severity.Medium));
        }
    }
}
