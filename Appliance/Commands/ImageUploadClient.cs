using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Appliance.Protos.Bmc.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Appliance.Commands;

/// <summary>Sends an image file to the bmc role's library.</summary>
internal sealed partial class ImageUploadClient(BmcService.BmcServiceClient client, ProgressBar progress)
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>Sends the file, and its digest behind it: only a file that arrived whole is kept.</summary>
    /// <param name="file">Raw, or packed by zstd or xz.</param>
    /// <param name="version">What a node says that runs it; empty takes it from a name such as `appliance-cm4-1.2.3.img.zst`.</param>
    /// <param name="module">What it is built for; empty fits every slot.</param>
    /// <param name="options">The call's, without a deadline.</param>
    public async Task<Image> SendAsync(FileInfo file, string version, string module, CallOptions options)
    {
        await using var stream = Open(file);
        using var call = client.UploadImage(options);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var header = new Image { FileName = file.Name, Version = version.Length > 0 ? version : VersionOf(file), Module = module, StoredSizeBytes = (ulong)stream.Length };
        try
        {
            await call.RequestStream.WriteAsync(new UploadImageRequest { Header = header }, options.CancellationToken);
            var buffer = new byte[ChunkBytes];
            ulong sent = 0;
            while (await stream.ReadAsync(buffer, options.CancellationToken) is > 0 and var length)
            {
                digest.AppendData(buffer.AsSpan(0, length));
                await call.RequestStream.WriteAsync(new UploadImageRequest { Chunk = ByteString.CopyFrom(buffer, 0, length) }, options.CancellationToken);
                sent += (ulong)length;
                progress.Tell("uploading", sent, (ulong)stream.Length);
            }

            await call.RequestStream.WriteAsync(new UploadImageRequest { Sha256 = ByteString.CopyFrom(digest.GetHashAndReset()) }, options.CancellationToken);
            await call.RequestStream.CompleteAsync();
        }
        catch (RpcException)
        {
            // The answer below says why the role reads no more.
        }
        catch (InvalidOperationException)
        {
            // As above: the call has ended.
        }

        return (await call.ResponseAsync).Image;
    }

    /// <summary>The version in a name such as `appliance-cm4-1.2.3.img.zst`. A foreign image tells none; its slot is then proved by a console text.</summary>
    public static string VersionOf(FileInfo file) => VersionInName().Match(file.Name) is { Success: true } match ? match.Groups["version"].Value : "";

    private static FileStream Open(FileInfo file)
    {
        try
        {
            return new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, ChunkBytes, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"{file} can't be read: {error.Message}", error);
        }
    }

    [GeneratedRegex(@"-(?<version>\d+\.\d+[0-9A-Za-z.+_-]*?)(\.img)?(\.zst|\.xz)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VersionInName();
}
