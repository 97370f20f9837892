using System.Text;

namespace Appliance.Bmc.Simulation;

/// <summary>The line "BMC-FIRMWARE VERSION" near the beginning of a firmware file, by which a simulated board knows what it boots.</summary>
internal static class FirmwareLabel
{
    private const int HeadBytes = 1024;
    private const int Longest = 64;

    private static ReadOnlySpan<byte> Mark => "BMC-FIRMWARE "u8;

    /// <summary>The version, or null where there is no such line.</summary>
    public static string? Find(ReadOnlySpan<byte> file)
    {
        var head = file[..Math.Min(file.Length, HeadBytes)];
        var start = head.IndexOf(Mark);
        if (start < 0)
        {
            return null;
        }

        var version = head[(start + Mark.Length)..];
        var end = version.IndexOf((byte)'\n');
        return end is > 0 and <= Longest && !version[..end].ContainsAnyExceptInRange((byte)'!', (byte)'~')
            ? Encoding.ASCII.GetString(version[..end])
            : null;
    }
}
