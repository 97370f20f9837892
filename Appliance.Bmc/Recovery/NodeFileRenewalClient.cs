using Appliance.Bmc.NodeFiles;
using Appliance.Hosting;
using Appliance.Hosting.Clients;
using Appliance.Hosting.Errors;
using Appliance.Protos.Site.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Appliance.Bmc.Recovery;

/// <summary>Asks the site's router, which has the authority, for a node file with fresh tokens.</summary>
internal sealed class NodeFileRenewalClient(PeerChannels peers)
{
    public async Task<NodeFileContent> RenewAsync(NodeFileContent used, CancellationToken token)
    {
        try
        {
            var client = new EnrollmentService.EnrollmentServiceClient(peers.To(Role.Router));
            var answer = await client.RenewNodeFileAsync(new RenewNodeFileRequest { NodeFile = ByteString.CopyFrom(used.Json.Span) }, cancellationToken: token);
            var file = NodeFileContent.Parse(answer.NodeFile.Memory, "node_file");
            return file.Name == used.Name && file.Role == used.Role
                ? file
                : throw new BusyException("NODE_FILE_NOT_RENEWED", $"The router gave a file for {file} in place of one for {used}.");
        }
        catch (RpcException error) when (!token.IsCancellationRequested)
        {
            throw new BusyException("NODE_FILE_NOT_RENEWED", $"The router gives no fresh token for {used}: {error.Status.Detail}");
        }
    }
}
