using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Wire = Appliance.Protos.Site.V1;

namespace Appliance.Router.Site.Enrollment;

/// <summary>Between the domain's types and those of <c>appliance.site.v1</c>.</summary>
internal static class EnrollmentWire
{
    public static Wire.CertificateRequest ToWire(EnrollmentRequest request)
    {
        var wire = new Wire.CertificateRequest
        {
            Id = request.Id,
            Node = request.Node.Name,
            Role = request.Node.Role?.Word() ?? "",
            State = request.State switch
            {
                EnrollmentState.Pending => Wire.CertificateRequest.Types.State.Pending,
                EnrollmentState.Approved => Wire.CertificateRequest.Types.State.Approved,
                _ => Wire.CertificateRequest.Types.State.Refused,
            },
            KeySha256 = ByteString.CopyFrom(request.KeySha256),
            Source = request.Source,
            CreateTime = Timestamp.FromDateTimeOffset(request.CreateTime),
        };
        if (request.Certificate is { } der)
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der);
            wire.Serial = ByteString.CopyFrom(certificate.SerialNumberBytes.Span);
            wire.CertificateExpireTime = Timestamp.FromDateTime(certificate.NotAfter.ToUniversalTime());
        }

        return wire;
    }

    public static Wire.Revocation ToWire(Revocation revocation) => new()
    {
        Serial = ByteString.CopyFrom(Convert.FromHexString(revocation.Serial)),
        Identity = revocation.Identity,
        Reason = revocation.Reason,
        CreateTime = Timestamp.FromDateTimeOffset(revocation.CreateTime),
    };
}
