using System.ComponentModel.DataAnnotations;
using Appliance.Bmc.Simulation;
using Appliance.Hosting.Configuration;

namespace Appliance.Bmc.Board;

/// <summary>Where the board is and how it is known. Its password is never here, only the file that holds it.</summary>
internal sealed class BoardOptions : IValidatableObject
{
    public const string Section = "Bmc:Board";

    /// <summary>For example `https://192.168.1.50`, or `http://192.168.1.50` for firmware 1; without it and <see cref="Simulate"/> the role runs without a board.</summary>
    public Uri? Address { get; set; }

    /// <summary>SHA-256 of the board's certificate in hex, with or without colons; the only thing that it is trusted by.</summary>
    [RegularExpression("^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$", ErrorMessage = "must be the 64 hex digits of a SHA-256 fingerprint")]
    public string? Fingerprint { get; set; }

    /// <summary>Trusts the certificate that the board shows first, and from then on only that one; kept in the role's state. A pinned one goes before it.</summary>
    public bool TrustOnFirstUse { get; set; }

    /// <summary>
    /// Host of <see cref="Address"/>, by which its board is switched although it still takes the maker's password for root.
    /// Named, so that a configuration copied to another board does not bring the permission along.
    /// </summary>
    [RegularExpression("^[\\w.:\\[\\]-]{1,253}$", ErrorMessage = "must be the host of Bmc:Board:Address")]
    public string? AllowDefaultPassword { get; set; }

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
        var isAddress = Address is { IsAbsoluteUri: true, PathAndQuery: "/" } && (Address.Scheme == Uri.UriSchemeHttps || Address.Scheme == Uri.UriSchemeHttp);
        if (Address is not null && !isAddress)
        {
            yield return new ValidationResult(
                "must be an address without a path, for example https://192.168.1.50; only firmware 1, which has no encryption, is spoken to by http", [nameof(Address)]);
        }

        if (isAddress && Address!.Scheme == Uri.UriSchemeHttp && (Fingerprint is not null || TrustOnFirstUse))
        {
            yield return new ValidationResult("is plain http, where no certificate is shown; take Fingerprint and TrustOnFirstUse away, or write https", [nameof(Address)]);
        }

        if (AllowDefaultPassword is not null && !(isAddress && AllowDefaultPassword == Address!.Host))
        {
            yield return new ValidationResult("names another board; it must be the host of Bmc:Board:Address as written there", [nameof(AllowDefaultPassword)]);
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
