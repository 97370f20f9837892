using System.Text.RegularExpressions;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Images;

/// <summary>What a sender says of an image before its bytes; a size of 0 says nothing.</summary>
internal sealed partial record ImageHeader(string FileName, string Version, string Module, ulong StoredBytes, ulong Bytes)
{
    private const int LongestName = 255;

    /// <summary>Throws what is wrong with it, all at once.</summary>
    public void Check()
    {
        List<FieldFault> faults = [];
        if (FileName.Length is 0 or > LongestName || FileName.Any(letter => char.IsControl(letter) || letter == '/'))
        {
            faults.Add(new FieldFault("header.file_name", $"must be 1 to {LongestName} characters, none of them '/' or a control character"));
        }

        // It is looked for in what a console prints, so it has to be one word.
        if (Version.Length > 0 && !VersionWord().IsMatch(Version))
        {
            faults.Add(new FieldFault("header.version", "must be at most 64 of A-Z, a-z, 0-9, '.', '_', '+' and '-'"));
        }

        if (Module.Length > 0 && !ModuleWord().IsMatch(Module))
        {
            faults.Add(new FieldFault("header.module", "must be at most 32 of a-z, 0-9 and '-', for example cm4"));
        }

        if (faults.Count > 0)
        {
            throw new InvalidInputException(faults);
        }
    }

    [GeneratedRegex("^[A-Za-z0-9._+-]{1,64}$", RegexOptions.None, 1000)]
    private static partial Regex VersionWord();

    [GeneratedRegex("^[a-z0-9-]{1,32}$", RegexOptions.None, 1000)]
    private static partial Regex ModuleWord();
}
