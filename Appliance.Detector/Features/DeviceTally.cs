namespace Appliance.Detector.Features;

/// <summary>What one device has done in the window that is open, and what is kept of earlier ones.</summary>
internal sealed class DeviceTally
{
    // 60 s and 600 s in windows of 10 s.
    private const int Minute = 6;
    private const int TenMinutes = 60;

    private readonly double[] _counts = new double[FeatureSchema.Count];
    private BeginGaps _gaps;
    private FadingSum _flowsMinute;
    private FadingSum _flowsTenMinutes;
    private FadingSum _failedTenMinutes;
    private FadingSum _newTenMinutes;
    private double _endedSeconds;
    private double _endedPackets;
    private double _dnsPacketsOut;
    private double _dnsBytesOut;
    private double _dnsPacketsIn;
    private double _dnsBytesIn;
    private double _icmpBytes;
    private long _lastWindow = -1;

    public DeviceKey Device { get; private set; }

    /// <summary>The open window has seen it.</summary>
    public bool IsActive { get; set; }

    /// <summary>It stands in the list of the open window, maybe for a device that was forgotten since.</summary>
    public bool IsListed { get; set; }

    public ref double this[Feature feature] => ref _counts[(int)feature];

    /// <summary>Starts again for another device.</summary>
    public void Open(in DeviceKey device)
    {
        Clear();
        Device = device;
        IsActive = false;
        _gaps = default;
        _flowsMinute = _flowsTenMinutes = _failedTenMinutes = _newTenMinutes = default;
        _lastWindow = -1;
    }

    public void Begin(long time) => _gaps.Begin(time);

    public void End(double seconds, double packets)
    {
        this[Feature.EndedFlows]++;
        _endedSeconds += seconds;
        _endedPackets += packets;
    }

    public void Dns(double packetsOut, double bytesOut, double packetsIn, double bytesIn)
    {
        this[Feature.DnsPackets] += packetsOut + packetsIn;
        _dnsPacketsOut += packetsOut;
        _dnsBytesOut += bytesOut;
        _dnsPacketsIn += packetsIn;
        _dnsBytesIn += bytesIn;
    }

    public void Icmp(double packets, double bytes)
    {
        this[Feature.IcmpPackets] += packets;
        _icmpBytes += bytes;
    }

    /// <summary>Closes the window with this number (its start over its length) and gets ready for the next.</summary>
    public float[] Close(long window)
    {
        var passed = _lastWindow < 0 ? 1 : window - _lastWindow;
        _lastWindow = window;
        Fade(passed);
        Derive();
        var values = new float[_counts.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)_counts[i];
        }

        Clear();
        return values;
    }

    private void Fade(long passed)
    {
        var flows = this[Feature.AskedFlows];
        _flowsMinute.Add(flows, passed, Minute);
        _flowsTenMinutes.Add(flows, passed, TenMinutes);
        _failedTenMinutes.Add(this[Feature.AskedRefused] + this[Feature.AskedSilent], passed, TenMinutes);
        _newTenMinutes.Add(this[Feature.AskedNewDestinations], passed, TenMinutes);
        this[Feature.FlowsPerMinute] = _flowsMinute.Value;
        this[Feature.FlowsPerTenMinutes] = _flowsTenMinutes.Value;
        this[Feature.FailedPerTenMinutes] = _failedTenMinutes.Value;
        this[Feature.NewDestinationsPerTenMinutes] = _newTenMinutes.Value;
    }

    private void Derive()
    {
        this[Feature.AskedPairsPerDestination] = Mean(this[Feature.AskedPairs], this[Feature.AskedDestinations]);
        this[Feature.AskedPacketSizeOut] = Mean(this[Feature.AskedBytesOut], this[Feature.AskedPacketsOut]);
        this[Feature.AskedPacketSizeIn] = Mean(this[Feature.AskedBytesIn], this[Feature.AskedPacketsIn]);
        this[Feature.AskedOutPercent] = 100 * Mean(this[Feature.AskedBytesOut], this[Feature.AskedBytesOut] + this[Feature.AskedBytesIn]);
        this[Feature.EndedSeconds] = Mean(_endedSeconds, this[Feature.EndedFlows]);
        this[Feature.EndedPackets] = Mean(_endedPackets, this[Feature.EndedFlows]);
        this[Feature.DnsPacketSizeOut] = Mean(_dnsBytesOut, _dnsPacketsOut);
        this[Feature.DnsPacketSizeIn] = Mean(_dnsBytesIn, _dnsPacketsIn);
        this[Feature.IcmpPacketSize] = Mean(_icmpBytes, this[Feature.IcmpPackets]);
        this[Feature.GapSeconds] = _gaps.Seconds;
        this[Feature.GapVariation] = _gaps.Variation;
    }

    private void Clear()
    {
        Array.Clear(_counts);
        _endedSeconds = _endedPackets = _icmpBytes = 0;
        _dnsPacketsOut = _dnsBytesOut = _dnsPacketsIn = _dnsBytesIn = 0;
    }

    private static double Mean(double sum, double count) => count > 0 ? sum / count : 0;
}
