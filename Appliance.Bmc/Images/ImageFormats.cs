using Appliance.Hosting.Errors;
using SharpCompress.Compressors.Xz;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Appliance.Bmc.Images;

/// <summary>Tells how a file is compressed by its first bytes, whatever it is called, and opens it.</summary>
internal static class ImageFormats
{
    /// <summary>Bytes to look at.</summary>
    public const int HeadBytes = 64;

    // What `zstd -d` takes without being told more: a window of 128 MiB.
    private const int ZstdWindowLog = 27;

    // RFC 8878 section 3.1.1, and .xz file format 1.2 section 2.1.1.1.
    private static ReadOnlySpan<byte> ZstdMagic => [0x28, 0xB5, 0x2F, 0xFD];

    private static ReadOnlySpan<byte> XzMagic => [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0];

    /// <summary>The format, or the fault that keeps the file from being an image.</summary>
    public static ImageFormat Read(ReadOnlySpan<byte> head, string fileName)
    {
        if (head.StartsWith(ZstdMagic))
        {
            return ImageFormat.Zstd;
        }

        if (head.StartsWith(XzMagic))
        {
            return XzDictionary.Fault(head) is { } fault ? throw new InvalidInputException("chunk", fault) : ImageFormat.Xz;
        }

        if (Other(head) is { } other)
        {
            throw new InvalidInputException("chunk", $"'{fileName}' is compressed by {other}; send it raw, or compressed by zstd or xz");
        }

        return Path.GetExtension(fileName) is ".zst" or ".xz"
            ? throw new InvalidInputException("chunk", $"'{fileName}' does not begin as its name says; compress it again or send it raw as .img")
            : ImageFormat.Raw;
    }

    /// <summary>What is written to a slot, decompressed as it is read.</summary>
    public static Stream Decode(Stream stored, ImageFormat format)
    {
        switch (format)
        {
            case ImageFormat.Zstd:
                var zstd = new DecompressionStream(stored, leaveOpen: false);
                zstd.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, ZstdWindowLog);
                return zstd;
            case ImageFormat.Xz:
                return new XZStream(stored);
            default:
                return stored;
        }
    }

    private static string? Other(ReadOnlySpan<byte> head) => head switch
    {
        [0x1F, 0x8B, ..] => "gzip",
        [(byte)'B', (byte)'Z', (byte)'h', ..] => "bzip2",
        [(byte)'P', (byte)'K', 3, 4, ..] => "zip",
        [(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C, ..] => "7-Zip",
        _ => null,
    };
}
