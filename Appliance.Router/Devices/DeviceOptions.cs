using System.ComponentModel.DataAnnotations;
using Appliance.Hosting.Configuration;

namespace Appliance.Router.Devices;

/// <summary>Bounds of the inventory, and where the registry of makers is.</summary>
public sealed class DeviceOptions
{
    public const string Section = "Router:Devices";

    /// <summary>Devices held; above it the one that nobody has judged and that was unseen for longest goes.</summary>
    [Range(16, 65_536)]
    public int MaxDevices { get; set; } = 4096;

    /// <summary>Facts that may wait to be read, for a few seconds at most; those beyond are counted as dropped.</summary>
    [Range(256, 1_048_576)]
    public int QueuedSightings { get; set; } = 16_384;

    /// <summary>A device of which nothing is new is told, and written down, as seen about this often.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan SeenInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Folder of the IEEE's registry as Debian's package ieee-data installs it.</summary>
    [Required]
    [FilePath]
    public string RegistryFolder { get; set; } = "/usr/share/ieee-data";
}
