using System.Security.Cryptography;
using Appliance.Protos.Node.V1;
using Google.Protobuf;

namespace Appliance.Hosting.Tests.Updates;

/// <summary>Sends bundles as a tool would.</summary>
internal static class UpdateClient
{
    private const int Chunk = 64 * 1024;

    public static Task<InstallUpdateResponse> SendAsync(this NodeService.NodeServiceClient client, byte[] bundle) =>
        client.SendAsync(bundle, new Update(), SHA256.HashData(bundle));

    /// <param name="client">Where to.</param>
    /// <param name="bundle">What.</param>
    /// <param name="header">Said of it.</param>
    /// <param name="digest">Said behind it; null ends the stream without one.</param>
    public static async Task<InstallUpdateResponse> SendAsync(this NodeService.NodeServiceClient client, byte[] bundle, Update header, byte[]? digest)
    {
        using var call = client.InstallUpdate(cancellationToken: TestContext.Current.CancellationToken);
        try
        {
            await call.RequestStream.WriteAsync(new InstallUpdateRequest { Header = header });
            foreach (var chunk in bundle.Chunk(Chunk))
            {
                await call.RequestStream.WriteAsync(new InstallUpdateRequest { Chunk = ByteString.CopyFrom(chunk) });
            }

            if (digest is not null)
            {
                await call.RequestStream.WriteAsync(new InstallUpdateRequest { Sha256 = ByteString.CopyFrom(digest) });
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception error) when (error is Grpc.Core.RpcException or InvalidOperationException)
        {
            // The answer says why.
        }

        return await call.ResponseAsync;
    }

    /// <summary>What the role has told so far of a part.</summary>
    public static async Task<List<string>> EventsAsync(this NodeService.NodeServiceClient client, string part)
    {
        using var watch = client.WatchEvents(new WatchEventsRequest());
        var told = new List<string>();
        while (await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken) && watch.ResponseStream.Current.SnapshotEnd is null)
        {
            if (watch.ResponseStream.Current.Event is { } one && one.Part == part)
            {
                told.Add(one.Text);
            }
        }

        return told;
    }
}
