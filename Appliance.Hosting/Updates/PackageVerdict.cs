using System.Text.Json;
using System.Text.Json.Serialization;

namespace Appliance.Hosting.Updates;

/// <summary>What became of the package that was started last; written by root (apply-update), read by the roles.</summary>
internal sealed record PackageVerdict([property: JsonRequired] string State, [property: JsonRequired] string Version, [property: JsonRequired] string Text)
{
    public const string Kept = "kept";
    public const string Trial = "trial";

    /// <summary>Null where none was started yet, or while it is written.</summary>
    public static PackageVerdict? Read(UpdatePaths paths)
    {
        try
        {
            return File.Exists(paths.Verdict) ? JsonSerializer.Deserialize(File.ReadAllBytes(paths.Verdict), UpdateJson.Default.PackageVerdict) : null;
        }
        catch (JsonException)
        {
            // It only explains; a role does not stay down for it.
            return null;
        }
    }
}
