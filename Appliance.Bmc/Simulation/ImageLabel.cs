using System.Text;

namespace Appliance.Bmc.Simulation;

/// <summary>The line "APPLIANCE-IMAGE VERSION ROLE NAME" near the beginning of an image, by which a simulated module knows what it boots.</summary>
public sealed record ImageLabel(string Version, string Role, string Node)
{
    private const int Longest = 256;

    public static ImageLabel? Find(ReadOnlySpan<byte> head)
    {
        var start = head.IndexOf("APPLIANCE-IMAGE "u8);
        if (start < 0)
        {
            return null;
        }

        var line = head[start..Math.Min(head.Length, start + Longest)];
        var end = line.IndexOf((byte)'\n');
        return end > 0 && Encoding.ASCII.GetString(line[..end]).Split(' ') is [_, var version, var role, var node]
            ? new ImageLabel(version, role, node)
            : null;
    }
}
