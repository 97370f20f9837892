using System.ComponentModel.DataAnnotations;

namespace Appliance.Hosting.Configuration;

/// <summary>Where the site's roles answer.</summary>
public sealed class PeerOptions : IValidatableObject
{
    public const string Section = "Peers";

    [Required]
    public Uri Router { get; set; } = Local(Role.Router);

    [Required]
    public Uri Logger { get; set; } = Local(Role.Logger);

    [Required]
    public Uri Detector { get; set; } = Local(Role.Detector);

    [Required]
    public Uri Bmc { get; set; } = Local(Role.Bmc);

    /// <summary>Deadline of a unary call that names none.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan CallDeadline { get; set; } = TimeSpan.FromSeconds(10);

    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Silence on a connection with calls after which it is pinged.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan KeepAlivePingDelay { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>A peer that leaves a ping unanswered for so long is taken as gone.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan KeepAlivePingTimeout { get; set; } = TimeSpan.FromSeconds(10);

    public Uri Of(Role role) => role switch
    {
        Role.Router => Router,
        Role.Logger => Logger,
        Role.Detector => Detector,
        Role.Bmc => Bmc,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Role has no address."),
    };

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var role in Enum.GetValues<Role>())
        {
            var address = Of(role);
            if (address is not null && (!address.IsAbsoluteUri || address.Scheme != Uri.UriSchemeHttps))
            {
                yield return new ValidationResult("must be an https address, for example https://192.0.2.1:7443", [role.ToString()]);
            }
        }
    }

    private static Uri Local(Role role) => new($"https://localhost:{RolePorts.Grpc(role)}");
}
