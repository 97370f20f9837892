using System.ComponentModel.DataAnnotations;

namespace Appliance.Hosting.Configuration;

/// <summary>How much of the disk an update may take on its way in; it lies in `updates` in the role's state folder until it is installed.</summary>
public sealed class UpdateOptions
{
    /// <summary>Longest bundle taken. An image's has about 140 MiB.</summary>
    [Range(1L << 20, 16L << 30)]
    public long MaxBundleBytes { get; set; } = 1L << 30;

    /// <summary>Bytes of the disk that a bundle leaves free.</summary>
    [Range(0L, 1L << 50)]
    public long ReservedBytes { get; set; } = 64L << 20;
}
