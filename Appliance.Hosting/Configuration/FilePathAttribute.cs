using System.ComponentModel.DataAnnotations;

namespace Appliance.Hosting.Configuration;

/// <summary>A path that the file system can take; whether something is there is told by whoever opens it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FilePathAttribute : ValidationAttribute
{
    // PATH_MAX of Linux, its closing zero left out.
    private const int Longest = 4095;

    public FilePathAttribute()
        : base("must be a path of at most 4095 characters, none of them a control character")
    {
    }

    public override bool IsValid(object? value) => value is null || (value is string path && path.Length <= Longest && !path.Any(char.IsControl));
}
