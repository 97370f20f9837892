namespace Appliance.Bmc.Images;

/// <summary>How an image is stored.</summary>
internal enum ImageFormat
{
    Raw,
    Zstd,
    Xz,
}
