using Appliance.Hosting.Clients;
using Appliance.Hosting.Errors;
using Appliance.Protos.Site.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Appliance.Hosting.Enrollment;

/// <summary>Asks the router for a node's next certificate; the certificate that the connection shows is the proof.</summary>
internal sealed class RenewalClient(PeerChannels peers)
{
    public async Task<byte[]> SignAsync(byte[] signingRequest, CancellationToken cancellationToken)
    {
        try
        {
            var client = new EnrollmentService.EnrollmentServiceClient(peers.To(Role.Router));
            var answer = await client.RenewCertificateAsync(new RenewCertificateRequest { SigningRequest = ByteString.CopyFrom(signingRequest) }, cancellationToken: cancellationToken);
            return answer.Certificate.ToByteArray();
        }
        catch (RpcException error) when (error.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
        {
            throw new UnreachableException("The router does not answer; its certificate and this node's stay as they are. Try again.", error);
        }
        catch (RpcException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BusyException("RENEWAL_REFUSED", $"The router refused: {error.Status.Detail}");
        }
    }
}
