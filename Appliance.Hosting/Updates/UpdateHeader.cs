using Appliance.Hosting.Errors;

namespace Appliance.Hosting.Updates;

/// <summary>What a sender says of a bundle before its bytes; empty says nothing.</summary>
internal sealed record UpdateHeader(string Version, string Slot, string Sha256)
{
    private const int DigestLetters = 64;

    /// <summary>Throws what is wrong with it, all at once.</summary>
    public void Check()
    {
        List<FieldFault> faults = [];
        if (Version.Length > 0 && !VersionOrder.IsVersion(Version))
        {
            faults.Add(new FieldFault("header.version", "must be a version such as 1.4.0, or empty"));
        }

        if (Slot is not ("" or "A" or "B"))
        {
            faults.Add(new FieldFault("header.slot", "must be A, B or empty"));
        }

        if (Sha256.Length is not (0 or DigestLetters))
        {
            faults.Add(new FieldFault("header.sha256", "must have 32 bytes, or none"));
        }

        if (faults.Count > 0)
        {
            throw new InvalidInputException(faults);
        }
    }

    /// <summary>Throws when the bundle is of another version than its sender says.</summary>
    public void CheckVersion(string found)
    {
        if (Version.Length > 0 && Version != found)
        {
            throw new InvalidInputException("header.version", $"is {Version}, the bundle has {found}; nothing was installed");
        }
    }
}
