using System.ComponentModel.DataAnnotations;

namespace Appliance.Hosting.Tests.Configuration;

/// <summary>Options with a setting of each shape.</summary>
internal sealed class ProbeOptions : IValidatableObject
{
    public const string Section = "Router:Flows";

    [Range(1000, 10_000_000)]
    public int MaxFlows { get; set; } = 256_000;

    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(5);

    public TimeSpan ActiveInterval { get; set; } = TimeSpan.FromMinutes(1);

    public DayOfWeek Day { get; set; }

    public bool Loop { get; set; }

    public double? Speed { get; set; }

    [Required]
    public string? Password { get; set; } = "unset";

    public string[] Networks { get; set; } = [];

    public Dictionary<string, ProbeLimit> Limits { get; set; } = [];

    public ProbeLimit Limit { get; set; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ActiveInterval > IdleTimeout)
        {
            yield return new ValidationResult($"must not be longer than IdleTimeout, which is {IdleTimeout}", [nameof(ActiveInterval)]);
        }
    }
}
