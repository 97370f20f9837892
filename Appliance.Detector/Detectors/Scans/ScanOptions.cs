using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Appliance.Detector.Detectors.Scans;

/// <summary>When contacts become a scan. The walk is that of Jung et al., IEEE S&amp;P 2004.</summary>
public sealed class ScanOptions : IValidatableObject
{
    public const string Section = "Detector:Scans";

    /// <summary>Share of a healthy client's first contacts that are answered (theta 0 of the paper).</summary>
    [Range(0.5, 0.99)]
    public double HealthyAnswerShare { get; set; } = 0.8;

    /// <summary>Share of a scanner's first contacts that are answered (theta 1 of the paper).</summary>
    [Range(0.01, 0.5)]
    public double ScannerAnswerShare { get; set; } = 0.2;

    /// <summary>A healthy client's share where silence has another likely cause: UDP, ping, or the cloud during an outage.</summary>
    [Range(0.05, 0.9)]
    public double OutageAnswerShare { get; set; } = 0.4;

    /// <summary>Wanted share of wrong decisions, both ways (alpha and beta of the paper).</summary>
    [Range(0.0001, 0.1)]
    public double ErrorShare { get; set; } = 0.01;

    /// <summary>Distinct failed targets without which nothing is a scan: five dead services of one client are rare, four are seen.</summary>
    [Range(4, 50)]
    public int MinimumTargets { get; set; } = 5;

    /// <summary>A contact that has no answer by then has failed; TCP repeats its SYN after 1 s and 3 s (RFC 6298).</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan AnswerTime { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>That many failed targets in five minutes are a scan however many others answer (Zeek's scan.zeek used 25 hosts).</summary>
    [Range(5, 60)]
    public int FailedTargets { get; set; } = 25;

    /// <summary>From that many targets on a scan is of high severity.</summary>
    [Range(10, 10_000)]
    public int ManyTargets { get; set; } = 50;

    /// <summary>Targets of FIN, NULL and Xmas probes, which no stack sends (RFC 9293): the second could be a broken packet, the third is not.</summary>
    [Range(1, 50)]
    public int FlagProbes { get; set; } = 3;

    /// <summary>Addresses that one MAC asks for in ten seconds; ordinary devices asked for at most 4 in the recordings.</summary>
    [Range(8, 60)]
    public int ArpTargets { get; set; } = 20;

    /// <summary>Addresses that one MAC asks for in an hour without a reply.</summary>
    [Range(20, 60)]
    public int SlowArpTargets { get; set; } = 60;

    /// <summary>Set-up apps look for their device all over the network; that long after joining it is of low severity.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan JoinTime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>The site's own networks: who is outside, and for whom silence may be an outage.</summary>
    [Required, MinLength(1), MaxLength(64)]
    public string[] LocalNetworks { get; set; } =
        ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "fc00::/7", "fe80::/10"];

    /// <summary>Sources with two contacts or more that are followed at once; each costs 1 KB, a busy one up to 11 KB.</summary>
    [Range(256, 65_536)]
    public int Sources { get; set; } = 4_096;

    /// <summary>Sources with one contact; a flood of forged sources fills this table and no other.</summary>
    [Range(256, 1_048_576)]
    public int NewSources { get; set; } = 32_768;

    /// <summary>Contacts that wait for an answer at once.</summary>
    [Range(256, 1_048_576)]
    public int PendingContacts { get; set; } = 65_536;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ScannerAnswerShare >= OutageAnswerShare || OutageAnswerShare >= HealthyAnswerShare)
        {
            yield return new ValidationResult(
                $"Shares are {ScannerAnswerShare}, {OutageAnswerShare} and {HealthyAnswerShare}; ScannerAnswerShare must be below OutageAnswerShare, and that below HealthyAnswerShare.",
                [nameof(ScannerAnswerShare), nameof(OutageAnswerShare), nameof(HealthyAnswerShare)]);
        }

        foreach (var network in LocalNetworks.Where(network => !IPNetwork.TryParse(network, out _)))
        {
            yield return new ValidationResult(
                $"'{network}' is not a network; write it like 192.168.0.0/16, with no bit set behind the prefix.",
                [nameof(LocalNetworks)]);
        }
    }
}
