using System.ComponentModel.DataAnnotations;

namespace Appliance.Bmc.Recovery;

/// <summary>How patient recovery is; how far it may go is its policy.</summary>
internal sealed class RecoveryOptions : IValidatableObject
{
    public const string Section = "Bmc:Recovery";

    /// <summary>Time between two looks at the slots.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a slot has to be failed or unreachable before the first step.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a restarted role may take to be well; a rebooted node has its slot's BootLimit.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "00:10:00")]
    public TimeSpan RestartLimit { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Pause between the first step of a day and the second; each further one is twice as long.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>What the pauses grow to.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "12:00:00")]
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>A slot that was well for so long has recovered, and the next illness begins with the first step again.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan StableTime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long the board has to answer, after an outage or the start of this role, before anything is done.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan BoardTime { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a power cycle keeps a slot off.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan DownTime { get; set; } = TimeSpan.FromSeconds(5);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (LongestPause < FirstPause)
        {
            yield return new ValidationResult($"is shorter than FirstPause ({FirstPause})", [nameof(LongestPause)]);
        }
    }
}
