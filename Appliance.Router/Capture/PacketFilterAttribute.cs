using System.ComponentModel.DataAnnotations;

namespace Appliance.Router.Capture;

/// <summary>An expression that libpcap compiles, or an empty one.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PacketFilterAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        if (value is not string { Length: > 0 } expression)
        {
            return ValidationResult.Success;
        }

        using var filter = PacketFilter.TryCompile(expression, LinkType.Ethernet, out var error);
        return filter is null ? new ValidationResult(error, [validationContext.MemberName!]) : ValidationResult.Success;
    }
}
