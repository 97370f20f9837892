using System.ComponentModel.DataAnnotations;

namespace Appliance.Router.Network;

/// <summary>The addresses and names that the gateway gives to its networks, by dnsmasq.</summary>
public sealed class NetworkOptions : IValidatableObject
{
    public const string Section = "Router:Network";

    /// <summary>Off by default: a second DHCP server takes a network down.</summary>
    public bool Enabled { get; set; }

    /// <summary>What names of the network end with; RFC 8375 sets home.arpa aside for it.</summary>
    [Required]
    [RegularExpression(NetworkNames.NamePattern, ErrorMessage = NetworkNames.NameRule)]
    public string Domain { get; set; } = "home.arpa";

    /// <summary>Resolvers that are asked for what is not known here; none: those of <see cref="ResolvFile"/>.</summary>
    [MaxLength(8, ErrorMessage = "takes at most 8 servers")]
    public IList<string> UpstreamServers { get; set; } = [];

    /// <summary>Followed as it changes.</summary>
    [Required]
    [RegularExpression("/[A-Za-z0-9/._-]{1,254}", ErrorMessage = "must be an absolute path of letters, digits, '/', '.', '_' and '-'")]
    public string ResolvFile { get; set; } = "/etc/resolv.conf";

    [MaxLength(16, ErrorMessage = "takes at most 16 networks")]
    public IList<LanOptions> Lans { get; set; } = [];

    /// <summary>Devices that always get the same address.</summary>
    [MaxLength(1024, ErrorMessage = "takes at most 1024 leases")]
    public IList<StaticLeaseOptions> StaticLeases { get; set; } = [];

    /// <summary>Names that are answered here.</summary>
    [MaxLength(1024, ErrorMessage = "takes at most 1024 names")]
    public IList<LocalNameOptions> LocalNames { get; set; } = [];

    /// <summary>Files of names that do not exist for the network, with all below them; in the form of a hosts file, or a name a line.</summary>
    [MaxLength(16, ErrorMessage = "takes at most 16 files")]
    public IList<string> Blocklists { get; set; } = [];

    /// <summary>How often it is looked whether these files have changed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan BlocklistInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Names of the internet that are answered with private addresses are not passed on: they aim pages at devices.</summary>
    public bool RebindProtection { get; set; } = true;

    /// <summary>Holds answers against the root's key; the resolvers have to pass signatures on.</summary>
    public bool Dnssec { get; set; }

    /// <summary>Leases at once, over all networks.</summary>
    [Range(16, 65_536)]
    public int MaxLeases { get; set; } = 1024;

    /// <summary>Answers kept in memory.</summary>
    [Range(0, 10_000)]
    public int CachedNames { get; set; } = 1000;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => NetworkRules.Check(this);
}
