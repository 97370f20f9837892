using System.Text.Json;
using System.Text.Json.Serialization;

namespace Appliance.Hosting.Updates;

/// <summary>The Debian package that the program came with, as its build says.</summary>
/// <param name="Version">For example <c>1.4.0</c>.</param>
/// <param name="Compatible">What a bundle for it says of itself, for example <c>appliance-deb-arm64</c>.</param>
public sealed record NodePackage([property: JsonRequired] string Version, [property: JsonRequired] string Compatible)
{
    /// <summary>Where the packages that proved themselves stand among <see cref="GoodVersions.Slots"/>.</summary>
    public const string Slot = "package";

    /// <summary>Null where the program came another way.</summary>
    public static NodePackage? Read(UpdatePaths paths) =>
        File.Exists(paths.Package) ? JsonSerializer.Deserialize(File.ReadAllBytes(paths.Package), UpdateJson.Default.NodePackage) : null;
}
