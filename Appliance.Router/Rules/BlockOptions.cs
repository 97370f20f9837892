using System.ComponentModel.DataAnnotations;

namespace Appliance.Router.Rules;

/// <summary>Bounds of blocks, and what is never blocked.</summary>
public sealed class BlockOptions : IValidatableObject
{
    public const string Section = "Router:Blocks";

    /// <summary>How long a block lasts when its maker does not say.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan DefaultDuration { get; set; } = TimeSpan.FromHours(1);

    /// <summary>New blocks a minute, whoever asks; a detector gone wild cannot shut the network.</summary>
    [Range(1, 100_000)]
    public int MaxBlocksPerMinute { get; set; } = 120;

    /// <summary>Blocks that may stand at once.</summary>
    [Range(1, 1_000_000)]
    public int MaxBlocks { get; set; } = 100_000;

    /// <summary>How long ended blocks are remembered, for repeat offenders and for looking back.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan HistoryRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How often own addresses, gateways, DNS servers and the addresses of named nodes are read anew.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ProtectedRefresh { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Networks in CIDR notation, addresses or MAC addresses that are never blocked, beside the built-in ones.</summary>
    public IList<string> ProtectedNetworks { get; set; } = [];

    /// <summary>Address or host name of the cluster board's management controller, which is never blocked; empty for none.</summary>
    [RegularExpression("[A-Za-z0-9.:-]{0,253}", ErrorMessage = "must be an IP address or a host name")]
    public string BoardAddress { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => ProtectedNetworks
        .Where(text => !TargetRange.TryParse(text, out _))
        .Select(text => new ValidationResult(
            $"'{text}' is no network in CIDR notation, address or MAC address; write for example 192.168.1.0/24, 192.168.1.1 or 02:00:5e:00:53:01",
            [nameof(ProtectedNetworks)]));
}
