using System.Net;
using Appliance.Detector.Detectors;
using Appliance.Router.Flows;

namespace Appliance.Evaluation;

/// <summary>Alarm when a host, after a minute of learning, opens a flow to an address that it has not talked to before.</summary>
/// <remarks>One alarm a source. Multicast and broadcast, which every device uses sooner or later, are left out in its favour.</remarks>
internal sealed class NewDestinationBaseline : IBaseline
{
    private const long LearningNanoseconds = 60_000_000_000;

    private static readonly UInt128 FirstMulticastV4 = Mapped(IPAddress.Parse("224.0.0.0"));
    private static readonly UInt128 LastV4 = Mapped(IPAddress.Broadcast);

    private readonly Dictionary<UInt128, long> _firstSeen = [];
    private readonly HashSet<(UInt128 Source, UInt128 Destination)> _known = [];
    private readonly HashSet<UInt128> _alarmed = [];
    private readonly List<Alarm> _alarms = [];

    public IReadOnlyList<Alarm> Alarms => _alarms;

    public void Observe(in FlowEvent flowEvent, in Gain gain)
    {
        var key = flowEvent.Flow.Key;
        if (flowEvent.Kind != FlowEventKind.Began || IsForMany(key.Destination))
        {
            return;
        }

        _firstSeen.TryAdd(key.Source, flowEvent.Time);
        // Who is answered knows the answerer too.
        var isNew = _known.Add((key.Source, key.Destination)) & _known.Add((key.Destination, key.Source));
        if (isNew && flowEvent.Time - _firstSeen[key.Source] >= LearningNanoseconds && _alarmed.Add(key.Source))
        {
            _alarms.Add(new Alarm($"{key.Source:x}", flowEvent.Time, Category.None, Severity.Medium));
        }
    }

    private static bool IsForMany(UInt128 address) => (address >= FirstMulticastV4 && address <= LastV4) || (byte)(address >> 120) == 0xff;

    private static UInt128 Mapped(IPAddress address) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(address.MapToIPv6().GetAddressBytes());
}
