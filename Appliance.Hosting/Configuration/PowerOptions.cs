using System.ComponentModel.DataAnnotations;

namespace Appliance.Hosting.Configuration;

/// <summary>What a role may do to its process and its machine when it is asked to.</summary>
public sealed class PowerOptions
{
    /// <summary>`auto`: where systemd started the process, and so starts it again; `always`: something else does; `never`.</summary>
    [Required]
    [RegularExpression("^(auto|always|never)$", ErrorMessage = "must be auto, always or never")]
    public string RestartRole { get; set; } = "auto";

    /// <summary>How the machine is rebooted and shut down. A program that is tried out on somebody's workstation must not be able to, so it is `none` unless said.</summary>
    [Required]
    [RegularExpression("^(none|systemd)$", ErrorMessage = "must be none or systemd")]
    public string Machine { get; set; } = "none";
}
