using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting.Identity;
using Appliance.Hosting.Listeners;
using Microsoft.Extensions.Logging;

namespace Appliance.Hosting.Clients;

/// <summary>Accepts a server only when it is the site's node of the role that was called.</summary>
internal sealed partial class ServerCheck(NodeCredentials credentials, TimeProvider clock, ILogger<ServerCheck> logger)
{
    private readonly PeerVerifier _verifier = new(clock);
    private readonly MinuteBudget _logBudget = new(clock, Enum.GetValues<Role>().Length);

    public bool Accept(X509Certificate2? certificate, Role role)
    {
        var refusal = _verifier.Verify(certificate, credentials.Current, CertificateForm.ServerUsage, out var identity);
        if (refusal == Refusal.None && identity!.Role != role)
        {
            refusal = Refusal.WrongRole;
        }

        if (refusal != Refusal.None && _logBudget.TryTake((int)role))
        {
            LogRefused(role, refusal, ForeignText.OneLine(identity?.ToString() ?? certificate?.Subject ?? "nobody"));
        }

        return refusal == Refusal.None;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The server at the address of the {Role} was refused: {Refusal}; its certificate is for {Subject}.")]
    private partial void LogRefused(Role role, Refusal refusal, string subject);
}
