using Appliance.Router.Decoding;

namespace Appliance.Router.Devices;

/// <summary>One station's traffic over the last second.</summary>
internal sealed record StationRate(MacAddress Mac, double OutBitsPerSecond, double InBitsPerSecond)
{
    public double BitsPerSecond => OutBitsPerSecond + InBitsPerSecond;
}
