using System.Runtime.InteropServices;
using Appliance.Logger.Dashboard.Snapshots;

namespace Appliance.Logger.Dashboard.Parts;

/// <summary>Points as the script's typed array takes them: time in seconds, packets/s, bits/s as doubles, one after the other.</summary>
/// <remarks>Bytes travel to the browser as they are; numbers in JSON would be three times as long.</remarks>
internal static class RateBytes
{
    public static byte[] Of(IReadOnlyList<RatePoint> points)
    {
        var numbers = new double[points.Count * 3];
        for (var index = 0; index < points.Count; index++)
        {
            var point = points[index];
            numbers[index * 3] = point.Time.ToUnixTimeMilliseconds() / 1000.0;
            numbers[(index * 3) + 1] = point.PacketsPerSecond;
            numbers[(index * 3) + 2] = point.BitsPerSecond;
        }

        // Both architectures of the appliance and every browser are little-endian.
        return MemoryMarshal.AsBytes<double>(numbers).ToArray();
    }
}
