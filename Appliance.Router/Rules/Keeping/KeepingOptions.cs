using System.ComponentModel.DataAnnotations;

namespace Appliance.Router.Rules.Keeping;

/// <summary>How often it is looked whether the kernel still has what it should, and what its rules have counted.</summary>
public sealed class KeepingOptions
{
    public const string Section = "Router:Keeping";

    /// <summary>The kernel tells of changes at once; this is for what it could not tell.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan LookInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the counters of rules are read, and so how exact the time of a rule's last hit is.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan HitInterval { get; set; } = TimeSpan.FromSeconds(5);
}
