using System.Formats.Tar;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Appliance.Hosting.Errors;

namespace Appliance.Hosting.Updates;

/// <summary>A Debian package on its way to a node: a tar of manifest.json, manifest.sig (RSA, PKCS #1 v1.5 over SHA-256) and package.deb, in that order.</summary>
internal sealed class PackageBundle(UpdatePaths paths)
{
    private const int MaxManifestBytes = 4096;
    private const int MaxSignatureBytes = 1024;

    // The largest was 70 MB; more would only fill the disk of whoever unpacks it.
    private const long MaxPackageBytes = 1L << 30;

    /// <summary>Writes the package to a file that only its owner can read, on the disk when it returns; throws unless that is what was signed.</summary>
    public async Task<PackageManifest> UnpackAsync(string bundle, string package, CancellationToken token)
    {
        await using var file = new FileStream(package, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            BufferSize = 1 << 17,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        var manifest = await ReadAsync(bundle, file, token);
        await file.FlushAsync(token);
        file.Flush(flushToDisk: true);
        return manifest;
    }

    /// <summary>Verifies all of it.</summary>
    public Task<PackageManifest> ReadAsync(string bundle, CancellationToken token) => ReadAsync(bundle, Stream.Null, token);

    private async Task<PackageManifest> ReadAsync(string bundle, Stream package, CancellationToken token)
    {
        try
        {
            await using var stream = new FileStream(bundle, FileMode.Open, FileAccess.Read);
            await using var reader = new TarReader(stream);
            var text = await ReadAsync(reader, "manifest.json", MaxManifestBytes, token);
            var signature = await ReadAsync(reader, "manifest.sig", MaxSignatureBytes, token);
            CheckSignature(text, signature);
            var manifest = JsonSerializer.Deserialize(text, UpdateJson.Default.PackageManifest) ?? throw new InvalidDataException("its manifest is empty");
            var content = await NextAsync(reader, "package.deb", token);
            var digest = content.Length <= MaxPackageBytes ? await CopyAsync(content, package, token) : throw new InvalidDataException($"the package has {content.Length} bytes");
            return digest == manifest.Sha256 ? manifest : throw new InvalidDataException($"the package has the digest {digest}, its manifest says {manifest.Sha256}");
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException or JsonException or FormatException)
        {
            throw new BusyException("BUNDLE_DAMAGED", $"The file is no whole bundle of a package: {error.Message.TrimEnd('.')}. Nothing was installed.");
        }
    }

    private void CheckSignature(byte[] manifest, byte[] signature)
    {
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(paths.Certificate);
        using var key = certificate.GetRSAPublicKey();
        if (key is null || !key.VerifyData(manifest, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
        {
            throw new BusyException(RaucProgram.WrongSignature, $"The bundle is not signed by whom this node trusts ({paths.Certificate}). Nothing was installed.");
        }
    }

    private static async Task<Stream> NextAsync(TarReader reader, string name, CancellationToken token)
    {
        var entry = await reader.GetNextEntryAsync(copyData: false, token);
        return entry is { EntryType: TarEntryType.RegularFile or TarEntryType.V7RegularFile, DataStream: { } stream } && entry.Name == name
            ? stream
            : throw new InvalidDataException($"'{ForeignName(entry)}' is where {name} is expected");
    }

    private static string ForeignName(TarEntry? entry) => entry is null ? "nothing" : Listeners.ForeignText.OneLine(entry.Name);

    private static async Task<byte[]> ReadAsync(TarReader reader, string name, int limit, CancellationToken token)
    {
        var stream = await NextAsync(reader, name, token);
        var bytes = new byte[stream.Length <= limit ? stream.Length : throw new InvalidDataException($"{name} has {stream.Length} bytes, not at most {limit}")];
        await stream.ReadExactlyAsync(bytes, token);
        return bytes;
    }

    private static async Task<string> CopyAsync(Stream from, Stream to, CancellationToken token)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        while (await from.ReadAsync(buffer, token) is > 0 and var length)
        {
            digest.AppendData(buffer.AsSpan(0, length));
            await to.WriteAsync(buffer.AsMemory(0, length), token);
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }
}
