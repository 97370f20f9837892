using System.ComponentModel.DataAnnotations;

namespace Appliance.Detector.Detectors.BruteForce;

/// <summary>How many failed log-ins are guessing.</summary>
public sealed class BruteForceOptions : IValidatableObject
{
    public const string Section = "Detector:BruteForce";

    /// <summary>Failures of one source at one service; OpenSSH cuts a connection off after 6, and a person gives up earlier.</summary>
    [Range(3, 30)]
    public int FailedLogins { get; set; } = 6;

    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Failures in <see cref="SlowWindow"/> that are guessing however many log-ins succeed in between (Zeek: 30 in 30 min).</summary>
    [Range(10, 1_000)]
    public int SlowFailedLogins { get; set; } = 30;

    [Range(typeof(TimeSpan), "00:10:00", "1.00:00:00")]
    public TimeSpan SlowWindow { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Failures of one source over at least <see cref="SprayHosts"/> hosts, a few on each.</summary>
    [Range(6, 100)]
    public int SprayFailedLogins { get; set; } = 12;

    [Range(2, 50)]
    public int SprayHosts { get; set; } = 3;

    /// <summary>Failures at one service from at least <see cref="SharedSources"/> sources, a few from each.</summary>
    [Range(6, 1_000)]
    public int SharedFailedLogins { get; set; } = 20;

    [Range(2, 50)]
    public int SharedSources { get; set; } = 4;

    /// <summary>Short SSH connections of unknown outcome, none of which was let in, that are guessing.</summary>
    [Range(3, 100)]
    public int ShapedConnections { get; set; } = 6;

    /// <summary>Pairs of source and service followed at once, and as many sources and services; from 200 bytes to 3 KB each.</summary>
    [Range(256, 262_144)]
    public int Pairs { get; set; } = 8_192;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (SlowFailedLogins < FailedLogins || SlowWindow < Window)
        {
            yield return new ValidationResult(
                $"SlowFailedLogins is {SlowFailedLogins} in {SlowWindow}, FailedLogins is {FailedLogins} in {Window}; the slow rule must ask for as many in as long a time at least.",
                [nameof(SlowFailedLogins), nameof(SlowWindow)]);
        }
    }
}
