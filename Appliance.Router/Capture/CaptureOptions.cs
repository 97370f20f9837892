using System.ComponentModel.DataAnnotations;
using Appliance.Hosting.Configuration;

namespace Appliance.Router.Capture;

/// <summary>What the Router watches: a capture file, or network interfaces.</summary>
public sealed class CaptureOptions : IValidatableObject
{
    public const string Section = "Router:Capture";

    /// <summary>Capture file to play; empty for none.</summary>
    [FilePath]
    public string File { get; set; } = "";

    /// <summary>Interfaces to watch, each with flows of its own; empty for none.</summary>
    public IList<InterfaceOptions> Interfaces { get; set; } = [];

    /// <summary>Only frames that this expression of libpcap's language lets through (pcap-filter(7)); empty for all.</summary>
    [PacketFilter]
    public string Filter { get; set; } = "";

    /// <summary>How frames are taken from an interface.</summary>
    [EnumDataType(typeof(CaptureMethod), ErrorMessage = "must be 'auto', 'ring' or 'pcap'")]
    public CaptureMethod Method { get; set; }

    /// <summary>How many times faster than recorded a file is played; 0 is as fast as possible.</summary>
    [Range(0d, 1_000_000d)]
    public double Speed { get; set; } = 1;

    /// <summary>Plays the file again and again.</summary>
    public bool Loop { get; set; }

    /// <summary>Moves a file's clock so that its first packet is now.</summary>
    public bool ShiftToNow { get; set; } = true;

    /// <summary>Watches frames for other machines too.</summary>
    public bool Promiscuous { get; set; } = true;

    /// <summary>Blocks of 256 KiB that the kernel fills while the Router is busy, for each thread of each interface.</summary>
    [Range(8, 4096)]
    public int RingBlocks { get; set; } = 64;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!string.IsNullOrEmpty(File) && Interfaces.Count > 0)
        {
            yield return new ValidationResult($"File is '{File}' and Interfaces has {Interfaces.Count}; give one of them.", [nameof(File), nameof(Interfaces)]);
        }

        foreach (var same in Interfaces.GroupBy(watched => watched.Name).Where(same => same.Count() > 1))
        {
            yield return new ValidationResult($"names '{same.Key}' {same.Count()} times; once is enough.", [nameof(Interfaces)]);
        }
    }
}
