using System.ComponentModel.DataAnnotations;

namespace Appliance.Router.Traffic;

/// <summary>How much of the event stream is held for those who watch it.</summary>
public sealed class TrafficOptions
{
    public const string Section = "Router:Traffic";

    /// <summary>Flow events held, about 300 bytes each; rounded up to a power of two.</summary>
    [Range(1024, 4_194_304)]
    public int RingEvents { get; set; } = 65_536;

    /// <summary>Bytes that facts, and what flows have said, may take among them; what is beyond is left out and counted. A fact in DNS takes some 600.</summary>
    [Range(1024 * 1024, 1024 * 1024 * 1024)]
    public int RingTextBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Translated connections (NAT) that the other side of a flow is looked up in, some 500 bytes each.</summary>
    [Range(16, 1_048_576)]
    public int Translations { get; set; } = 65_536;

    /// <summary>A reader that takes nothing for so long is cut off.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ReaderPatience { get; set; } = TimeSpan.FromSeconds(10);
}
