namespace Appliance.Bmc.NodeFiles;

/// <summary>The check of partition tables (UEFI 2.10 section 5.3.2): CCITT32, reflected, as Ethernet has it.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;

    // Bit by bit: at most a few hundred KiB are checked, once an image.
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (Polynomial & (uint)-(crc & 1));
            }
        }

        return ~crc;
    }
}
