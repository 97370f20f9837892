using System.ComponentModel.DataAnnotations;
using Appliance.Bmc.Simulation;
using Appliance.Hosting.Configuration;

namespace Appliance.Bmc.Board;

/// <summary>Where the board is and how it is known. Its password is never here, only the file that holds it.</summary>
internal sealed class BoardOptions : IValidatableObject
{
    public const string Section = "Bmc:Board";

    /// <summary>For example `https://192.168.1.50`; without it and <see cref="Simulate"/> the role runs without a board.</summary>
    public Uri? Address { get; set; }

    /// <summary>SHA-256 of the board's certificate in hex, with or without colons; the only thing that it is trusted by.</summary>
    [RegularExpression("^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$", ErrorMessage = "must be the 64 hex digits of a SHA-256 fingerprint")]
    public string? Fingerprint { get; set; }

    /// <summary>The board's user; the firmware knows no roles, so any user may do everything.</summary>
    [Required]
    [RegularExpression("^\\P{C}{1,64}$", ErrorMessage = "must be 1 to 64 characters, none of them a control character")]
    public string UserName { get; set; } = "root";

    /// <summary>File with the password alone; without it the variable APPLIANCE_BMC_PASSWORD is read.</summary>
    [FilePath]
    public string? PasswordFile { get; set; }

    /// <summary>Firmware version of a simulated board to use in place of a real one.</summary>
    public string? Simulate { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Address is not null && (!Address.IsAbsoluteUri || Address.Scheme != Uri.UriSchemeHttps || Address.PathAndQuery != "/"))
        {
            yield return new ValidationResult("must be an https address without a path, for example https://192.168.1.50", [nameof(Address)]);
        }

        if (Simulate is not null && BoardProfiles.Find(Simulate) is null)
        {
            yield return new ValidationResult($"is no board that can be simulated; there is {BoardProfiles.Names()}", [nameof(Simulate)]);
        }

        if (Simulate is not null && Address is not null)
        {
            yield return new ValidationResult("stands beside Address; keep one of the two", [nameof(Simulate)]);
        }
    }
}
