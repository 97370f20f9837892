using System.ComponentModel.DataAnnotations;

namespace Appliance.Router.Export;

/// <summary>Where flows are told to in IPFIX (RFC 7011), and how.</summary>
public sealed class ExportOptions
{
    public const string Section = "Router:Export";

    /// <summary>None: nothing is exported, and nothing is spent on it.</summary>
    [MaxLength(8, ErrorMessage = "takes at most 8 collectors")]
    public IList<CollectorOptions> Collectors { get; set; } = [];

    /// <summary>Number that this Router's records carry; one of its own where several send to one collector.</summary>
    [Range(0L, uint.MaxValue)]
    public long ObservationDomain { get; set; } = 1;

    /// <summary>Over UDP the templates are sent again this often, since a collector may have missed them (RFC 7011, 8.4); figures about the export always are.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan TemplateInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Longest message; over UDP it has to fit into the path's MTU with 28 or 48 bytes of headers, as nothing may be fragmented.</summary>
    [Range(512, 65_000)]
    public int MaxMessageBytes { get; set; } = 1400;

    /// <summary>Flow records that wait for each collector at most; some 200 bytes each while they wait.</summary>
    [Range(1024, 1_048_576)]
    public int QueuedFlows { get; set; } = 16_384;

    /// <summary>Long flows of which it is remembered what has been exported; others are exported when they end.</summary>
    [Range(1024, 4_194_304)]
    public int FollowedFlows { get; set; } = 65_536;
}
