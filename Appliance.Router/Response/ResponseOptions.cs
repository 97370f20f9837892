using System.ComponentModel.DataAnnotations;
using Appliance.Router.Rules;

namespace Appliance.Router.Response;

/// <summary>Which alerts are answered, how, and for how long.</summary>
public sealed class ResponseOptions : IValidatableObject
{
    public const string Section = "Router:Response";
    public const string Enforce = "enforce";
    public const string DryRun = "dry-run";
    public const string Trial = "trial";
    public const string Block = "block";
    public const string RateLimit = "rate-limit";
    public const string None = "none";

    private static readonly string[] KnownCategories = ["scan", "brute-force", "flood", "beacon", "tunnel", "exfiltration", "spoofing", "policy", "anomaly", "system"];
    private static readonly string[] PrivateNetworks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10"];

    /// <summary>An installed appliance tries its answers out first, and enforces them when the trial is over.</summary>
    [AllowedValues(Enforce, DryRun, Trial, ErrorMessage = "must be 'trial', 'enforce' or 'dry-run'")]
    public string Mode { get; set; } = Trial;

    /// <summary>How long a trial lasts from the first start of the installation.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan TrialPeriod { get; set; } = TimeSpan.FromDays(1);

    [EnumDataType(typeof(AlertSeverity))]
    public AlertSeverity MinSeverity { get; set; } = AlertSeverity.Medium;

    [Range(0.0, 1.0)]
    public double MinConfidence { get; set; } = 0.5;

    /// <summary>Answer by category: 'block', 'rate-limit' or 'none'. A category that is not named gets none.</summary>
    public IDictionary<string, string> Categories { get; set; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["scan"] = Block,
        ["brute-force"] = Block,
        ["flood"] = RateLimit,
    };

    /// <summary>Networks whose stations are seen directly, so that a source there is blocked by its MAC address; none named means the private ones.</summary>
    public IList<string> LocalNetworks { get; set; } = [];

    /// <summary>How long a first answer lasts; it doubles for each one before that ran its time.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan Duration { get; set; } = TimeSpan.FromHours(1);

    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan LongestDuration { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How far back earlier answers count against an offender.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan RepeatWindow { get; set; } = TimeSpan.FromDays(7);

    /// <summary>What is new towards a flooded target passes up to this rate.</summary>
    [Range(1, BlockAdmission.MaxPacketsPerSecond)]
    public int PacketsPerSecond { get; set; } = 100;

    /// <summary>Alerts raised while the router was away are answered only up to this age.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan CatchUpAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Zones, of the policy or of watched interfaces, whose sources are never answered.</summary>
    public IList<string> AllowZones { get; set; } = [];

    /// <summary>MAC addresses of stations that are never answered.</summary>
    public IList<string> AllowDevices { get; set; } = [];

    /// <summary>Networks in CIDR notation, or addresses, whose sources are never answered.</summary>
    public IList<string> AllowNetworks { get; set; } = [];

    /// <summary>Detectors that never block alone: an alert that rests on them waits for another detector's, as one of category 'anomaly' does.</summary>
    public IList<string> ModelDetectors { get; set; } = ["autoencoder"];

    /// <summary>How far apart two alerts about a source may be to be evidence for each other.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan EvidenceWindow { get; set; } = TimeSpan.FromHours(1);

    internal IEnumerable<string> EffectiveLocalNetworks => LocalNetworks.Count > 0 ? LocalNetworks : PrivateNetworks;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (category, answer) in Categories)
        {
            if (!KnownCategories.Contains(category, StringComparer.OrdinalIgnoreCase))
            {
                yield return new ValidationResult($"'{category}' is no category; known are {string.Join(", ", KnownCategories)}", [nameof(Categories)]);
            }

            if (answer is not (Block or RateLimit or None))
            {
                yield return new ValidationResult($"'{category}' is answered with '{answer}'; it takes 'block', 'rate-limit' or 'none'", [nameof(Categories)]);
            }
        }

        foreach (var text in LocalNetworks.Where(text => !TargetRange.TryParse(text, out var range) || range.Kind == TargetKind.Mac))
        {
            yield return new ValidationResult($"'{text}' is no network in CIDR notation; write for example 192.168.1.0/24", [nameof(LocalNetworks)]);
        }

        foreach (var fault in ListFaults())
        {
            yield return fault;
        }

        if (LongestDuration < Duration)
        {
            yield return new ValidationResult($"is shorter than {nameof(Duration)}, which is {Duration}; make it at least as long", [nameof(LongestDuration)]);
        }
    }

    private IEnumerable<ValidationResult> ListFaults() =>
    [
        .. AllowZones.Where(text => !IsWord(text)).Select(text => new ValidationResult($"'{text}' is no zone; write for example lan or guest: 1 to 31 of a-z, 0-9 and '-'", [nameof(AllowZones)])),
        .. AllowDevices.Where(text => !BlockTarget.TryParse(text, out var device) || device.Kind != TargetKind.Mac || !device.IsUnicast)
            .Select(text => new ValidationResult($"'{text}' is no MAC address of a station; write for example 02:00:5e:00:53:01", [nameof(AllowDevices)])),
        .. AllowNetworks.Where(text => !TargetRange.TryParse(text, out var range) || range.Kind == TargetKind.Mac)
            .Select(text => new ValidationResult($"'{text}' is no network in CIDR notation; write for example 192.168.1.0/24", [nameof(AllowNetworks)])),
        .. ModelDetectors.Where(text => !IsWord(text)).Select(text => new ValidationResult($"'{text}' is no name of a detector; alerts name theirs in 'detector'", [nameof(ModelDetectors)])),
    ];

    private static bool IsWord(string text) => text.Length is > 0 and <= 31 && text.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-');
}
