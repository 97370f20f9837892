using System.ComponentModel.DataAnnotations;
using Appliance.Hosting.Configuration;

namespace Appliance.Router.Rules.Feeds;

/// <summary>Bounds of feeds: how many, how long, how wide an entry, and how long one is waited for.</summary>
public sealed class FeedOptions
{
    public const string Section = "Router:Feeds";

    /// <summary>Feeds that may be kept; each costs four set lookups a packet and a label in the metrics.</summary>
    [Range(1, 256)]
    public int MaxFeeds { get; set; } = 32;

    /// <summary>Addresses and networks of one feed, repeated ones counted; a longer feed is refused whole.</summary>
    [Range(1, 1_000_000)]
    public int MaxEntries { get; set; } = 100_000;

    /// <summary>Names of one feed in hosts format, repeated ones counted; a longer feed is refused whole.</summary>
    [Range(1, 2_000_000)]
    public int MaxNames { get; set; } = 250_000;

    /// <summary>Bytes of one feed after decompression.</summary>
    [Range(1024, 1 << 28)]
    public int MaxBytes { get; set; } = 1 << 24;

    /// <summary>The widest IPv4 network that counts as an entry, by its prefix length.</summary>
    [Range(1, 32)]
    public int ShortestPrefix4 { get; set; } = 8;

    /// <summary>The widest IPv6 network that counts as an entry, by its prefix length.</summary>
    [Range(1, 128)]
    public int ShortestPrefix6 { get; set; } = 19;

    /// <summary>How long one fetch may take from its begin to its last byte.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan FetchTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Feeds by file:// are read from this folder and those below it only.</summary>
    [Required]
    [FilePath]
    public string FileFolder { get; set; } = "/etc/appliance/feeds";
}
