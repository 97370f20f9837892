using System.Net;
using Appliance.Evaluation.Windows;
using Appliance.Router.Flows;

namespace Appliance.Evaluation;

/// <summary>Remembers who has talked to whom; after a minute of learning a source, its other destinations are new.</summary>
internal sealed class KnownPeers
{
    private const long LearningNanoseconds = 60_000_000_000;

    private static readonly UInt128 FirstMulticastV4 = HostText.Of(IPAddress.Parse("224.0.0.0"));
    private static readonly UInt128 LastV4 = HostText.Of(IPAddress.Broadcast);

    private readonly Dictionary<UInt128, long> _firstSeen = [];
    private readonly HashSet<(UInt128 Source, UInt128 Destination)> _known = [];

    /// <summary>True when the event begins a flow to an address that its source has not talked to before.</summary>
    /// <remarks>Multicast and broadcast, which every device uses sooner or later, are never new.</remarks>
    public bool IsNew(in FlowEvent flowEvent)
    {
        var key = flowEvent.Flow.Key;
        if (flowEvent.Kind != FlowEventKind.Began || IsForMany(key.Destination))
        {
            return false;
        }

        _firstSeen.TryAdd(key.Source, flowEvent.Time);
        // Who is answered knows the answerer too.
        var isNew = _known.Add((key.Source, key.Destination)) & _known.Add((key.Destination, key.Source));
        return isNew && flowEvent.Time - _firstSeen[key.Source] >= LearningNanoseconds;
    }

    private static bool IsForMany(UInt128 address) => (address >= FirstMulticastV4 && address <= LastV4) || (byte)(address >> 120) == 0xff;
}
