namespace Appliance.Detector.Detectors.Floods;

/// <summary>How what comes to one destination spreads over its ports, exactly.</summary>
/// <remarks>The 8 KB are taken from the 32nd flow of an episode on, so that ordinary traffic does without.</remarks>
internal sealed class PortSpread
{
    private const int FirstCounted = 32;
    private const int BitsPerWord = 64;

    private ulong[]? _seen;
    private int _uncounted;
    private double _packets;

    /// <summary>Distinct ports since the count began.</summary>
    public int Ports { get; private set; }

    /// <summary>Flows to a port that had one already.</summary>
    public long Repeats { get; private set; }

    public ushort LastPort { get; private set; }

    /// <summary>Few ports: four packets a port or more. So few flows that nothing is counted are few ports too.</summary>
    public bool IsFocused => _seen is null || _packets >= 4L * Ports;

    public bool IsOnePort => Ports <= 1;

    public void AddFlow(ushort port)
    {
        LastPort = port;
        if (_seen is null)
        {
            if (++_uncounted < FirstCounted)
            {
                return;
            }

            _seen = new ulong[(ushort.MaxValue + 1) / BitsPerWord];
        }

        ref var word = ref _seen[port / BitsPerWord];
        var bit = 1UL << (port % BitsPerWord);
        var isNew = (word & bit) == 0;
        word |= bit;
        Ports += isNew ? 1 : 0;
        Repeats += isNew ? 0 : 1;
        _packets++;
    }

    public void AddPackets(double count) => _packets += count;

    public void Clear()
    {
        (Ports, Repeats, _packets, _uncounted, _seen) = (0, 0, 0, 0, null);
    }
}
