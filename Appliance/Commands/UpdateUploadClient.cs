using System.Security.Cryptography;
using Appliance.Protos.Node.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Appliance.Commands;

/// <summary>Sends a bundle to a node.</summary>
internal sealed class UpdateUploadClient(NodeService.NodeServiceClient client, ProgressBar progress, string node)
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>Sends the file, and its digest behind it; answers when the node has written it to where it is started from.</summary>
    public async Task<Update> SendAsync(FileInfo bundle, CancellationToken token)
    {
        await using var stream = Open(bundle);
        using var call = client.InstallUpdate(cancellationToken: token);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            await call.RequestStream.WriteAsync(new InstallUpdateRequest { Header = new Update() }, token);
            var buffer = new byte[ChunkBytes];
            ulong sent = 0;
            while (await stream.ReadAsync(buffer, token) is > 0 and var length)
            {
                digest.AppendData(buffer.AsSpan(0, length));
                await call.RequestStream.WriteAsync(new InstallUpdateRequest { Chunk = ByteString.CopyFrom(buffer, 0, length) }, token);
                sent += (ulong)length;
                progress.Tell($"{node} receives", sent, (ulong)stream.Length);
            }

            await call.RequestStream.WriteAsync(new InstallUpdateRequest { Sha256 = ByteString.CopyFrom(digest.GetHashAndReset()) }, token);
            await call.RequestStream.CompleteAsync();
            progress.Tell($"{node} writes", 0, 0);
        }
        catch (RpcException)
        {
            // The answer below says why the node reads no more.
        }
        catch (InvalidOperationException)
        {
            // As above: the call has ended.
        }

        return (await call.ResponseAsync).Update;
    }

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
}
