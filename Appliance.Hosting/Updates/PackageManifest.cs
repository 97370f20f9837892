using System.Text.Json.Serialization;

namespace Appliance.Hosting.Updates;

/// <summary>What a package's bundle says of the package in it; signed.</summary>
/// <param name="Compatible">Which nodes it is for.</param>
/// <param name="Version">Of the package.</param>
/// <param name="Sha256">Of the package's file, in lower-case hex.</param>
internal sealed record PackageManifest(
    [property: JsonRequired] string Compatible, [property: JsonRequired] string Version, [property: JsonRequired] string Sha256);
