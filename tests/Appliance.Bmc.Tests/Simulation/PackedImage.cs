using System.Security.Cryptography;

namespace Appliance.Bmc.Tests.Simulation;

/// <summary>An image of 200 000 bytes, and what `xz` makes of it.</summary>
internal static class PackedImage
{
    public const int Length = 200_000;

    private const string Packed =
        "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4w0/AINdACCULJhJXhupMHyiwXJJKgkex6DufIS3gK/I2FF7oLo0Ur10601encm3lLccDktF31pQBtdc7GqQ8Gdo" +
        "286BZvixLjdw13XoR3v6IwO9RRLhEy6JIerjm6CyN8QcCFMTNITbSUydOLcR7aJfWFH1BvidktdVLF1gwkI1onzVW6L6UoAAAABYcohi8WiHUQABnwHAmgwA" +
        "18V5OLHEZ/sCAAAAAARZWg==";

    /// <summary>The file as it is sent.</summary>
    public static byte[] Xz => Convert.FromBase64String(Packed);

    /// <summary>What is in it.</summary>
    public static byte[] Raw
    {
        get
        {
            var image = new byte[Length];
            "APPLIANCE-IMAGE 1.2.3 router r1\n"u8.CopyTo(image);
            return image;
        }
    }

    public static string RawSha256 => Convert.ToHexStringLower(SHA256.HashData(Raw));
}
