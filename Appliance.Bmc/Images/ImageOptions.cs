using System.ComponentModel.DataAnnotations;

namespace Appliance.Bmc.Images;

/// <summary>How much the library may hold; it lies in `images` in the role's state folder.</summary>
internal sealed class ImageOptions
{
    public const string Section = "Bmc:Images";

    /// <summary>Images at once; one more is refused, since which to drop is for people to say.</summary>
    [Range(1, 1000)]
    public int MaxImages { get; set; } = 16;

    /// <summary>Bytes of the disk that images leave free.</summary>
    [Range(0L, 1L << 50)]
    public long ReservedBytes { get; set; } = 256L << 20;
}
