using System.Net;
using Appliance.Hosting.Authorization;
using Appliance.Protos.Site.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Appliance.Router.Site.Enrollment;

/// <summary>EnrollmentService: certificates of nodes, from the first request to the last revocation.</summary>
internal sealed class EnrollmentGrpcService(EnrollmentDesk desk, CertificateDesk certificates, NodeFileDesk nodeFiles, RequestBudget budget) : EnrollmentService.EnrollmentServiceBase
{
    public override Task<RequestCertificateResponse> RequestCertificate(RequestCertificateRequest request, ServerCallContext context)
    {
        var source = context.GetHttpContext().Connection.RemoteIpAddress ?? IPAddress.None;
        budget.Take(source);
        var (held, authority) = desk.Ask(request.Token, request.SigningRequest.ToByteArray(), source);
        var response = new RequestCertificateResponse { Request = EnrollmentWire.ToWire(held) };
        if (held.Certificate is { } certificate)
        {
            response.Certificate = ByteString.CopyFrom(certificate);
            response.CaCertificate = ByteString.CopyFrom(authority);
        }

        return Task.FromResult(response);
    }

    public override Task<ListRequestsResponse> ListRequests(ListRequestsRequest request, ServerCallContext context)
    {
        var page = Page<EnrollmentRequest>.Cut(desk.All, one => one.Id, request.PageSize, request.PageToken);
        return Task.FromResult(new ListRequestsResponse { Requests = { page.Items.Select(EnrollmentWire.ToWire) }, NextPageToken = page.NextToken });
    }

    public override Task<ApproveRequestResponse> ApproveRequest(ApproveRequestRequest request, ServerCallContext context) =>
        Task.FromResult(new ApproveRequestResponse { Request = EnrollmentWire.ToWire(desk.Approve(request.RequestId)) });

    public override Task<RefuseRequestResponse> RefuseRequest(RefuseRequestRequest request, ServerCallContext context) =>
        Task.FromResult(new RefuseRequestResponse { Request = EnrollmentWire.ToWire(desk.Refuse(request.RequestId)) });

    public override async Task<RenewCertificateResponse> RenewCertificate(RenewCertificateRequest request, ServerCallContext context)
    {
        var before = await context.GetHttpContext().Connection.GetClientCertificateAsync(context.CancellationToken)
            ?? throw new InvalidOperationException($"Call of {context.Method} came in without a certificate.");
        var (certificate, authority) = certificates.Renew(context.Caller(), before, request.SigningRequest.ToByteArray());
        return new RenewCertificateResponse { Certificate = ByteString.CopyFrom(certificate), CaCertificate = ByteString.CopyFrom(authority) };
    }

    public override Task<RenewNodeFileResponse> RenewNodeFile(RenewNodeFileRequest request, ServerCallContext context) =>
        Task.FromResult(new RenewNodeFileResponse { NodeFile = ByteString.CopyFrom(nodeFiles.Renew(request.NodeFile.Span)) });

    public override Task<RevokeCertificateResponse> RevokeCertificate(RevokeCertificateRequest request, ServerCallContext context)
    {
        var revoked = certificates.Revoke(request.Serial.Span, request.Identity, request.Reason);
        return Task.FromResult(new RevokeCertificateResponse { Revocations = { revoked.Select(EnrollmentWire.ToWire) } });
    }

    public override Task<ListRevocationsResponse> ListRevocations(ListRevocationsRequest request, ServerCallContext context)
    {
        var page = Page<Revocation>.Cut(certificates.Revocations, one => one.Serial, request.PageSize, request.PageToken);
        return Task.FromResult(new ListRevocationsResponse { Revocations = { page.Items.Select(EnrollmentWire.ToWire) }, NextPageToken = page.NextToken });
    }

    public override async Task WatchRevocations(WatchRevocationsRequest request, IServerStreamWriter<WatchRevocationsResponse> responseStream, ServerCallContext context)
    {
        var (sequence, isLive) = (0L, false);
        while (true)
        {
            var (revocations, more) = certificates.After(sequence);
            foreach (var one in revocations)
            {
                await responseStream.WriteAsync(new WatchRevocationsResponse { Revocation = EnrollmentWire.ToWire(one) }, context.CancellationToken);
                sequence = one.Sequence;
            }

            if (!isLive)
            {
                isLive = true;
                await responseStream.WriteAsync(new WatchRevocationsResponse { SnapshotEnd = new SnapshotEnd() }, context.CancellationToken);
            }

            await more.WaitAsync(context.CancellationToken);
        }
    }
}
