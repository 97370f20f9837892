namespace Appliance.Bmc.Images;

/// <summary>A disk image of the library.</summary>
/// <param name="Id">Beginning of the digest of the stored file.</param>
/// <param name="Version">What a node that runs it says of itself; empty where nobody told.</param>
/// <param name="Module">What it is built for; empty fits every slot.</param>
/// <param name="FileName">As its sender calls it.</param>
/// <param name="Format">How it is stored.</param>
/// <param name="StoredBytes">Length of the stored file.</param>
/// <param name="Sha256">Of the stored file, in lower-case hex.</param>
/// <param name="Bytes">What is written to a slot.</param>
/// <param name="RawSha256">Of what is written to a slot, in lower-case hex.</param>
/// <param name="UploadTime">When it was kept.</param>
internal sealed record Image(
    string Id,
    string Version,
    string Module,
    string FileName,
    ImageFormat Format,
    long StoredBytes,
    string Sha256,
    long Bytes,
    string RawSha256,
    DateTimeOffset UploadTime);
