using System.Net;
using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting.Audit;
using Appliance.Hosting.Events;
using Appliance.Hosting.Identity;

namespace Appliance.Router.Site.Enrollment;

/// <summary>What is written down and told of certificates. What an admin decides is entered with the call itself.</summary>
internal sealed class EnrollmentVoice(AuditLog audit, EventLog events, TimeProvider clock)
{
    public const string Part = "enrollment";

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Durable before the step is taken; throws where that can't be had.</summary>
    public void Enter(string action, EnrollmentRequest request, IPAddress source) =>
        audit.Enter(new AuditRecord(Stranger(source), action, $"node={request.Node} request_id={request.Id}", $"key {Convert.ToHexStringLower(request.KeySha256)}"));

    public void TellWaiting(EnrollmentRequest request) => events.Tell(
        EventSeverity.Warning,
        Part,
        $"{request.Node} asks for its certificate from {request.Source}. Compare key {Convert.ToHexStringLower(request.KeySha256)} with the node's console, then: appliance pki approve {request.Id}");

    public void TellIssued(PeerIdentity node, X509Certificate2 certificate) => events.Tell(
        EventSeverity.Info, Part, $"issued {RevocationList.SerialOf(certificate)} to {node} until {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm}Z");

    /// <summary>A token in two hands: one of them stole it.</summary>
    public void TellOtherKey(EnrollmentRequest request, byte[] key, IPAddress source) => audit.TryEnter(new AuditRecord(
        Stranger(source),
        "RequestCertificate",
        $"node={request.Node} request_id={request.Id}",
        $"UNAUTHENTICATED: the token was used before by key {Convert.ToHexStringLower(request.KeySha256)}, now by {Convert.ToHexStringLower(key)}",
        Allowed: false));

    private static string Stranger(IPAddress source) => $"unknown at {source}";
}
