using System.Security.Cryptography;
using System.Text;
using Appliance.Hosting.Health;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Appliance.Hosting.Audit;

/// <summary>Writes down that the role was started, as what and with which configuration, and that it was stopped in order.</summary>
internal sealed class AuditRun(AuditLog audit, NodeFacts facts, IConfiguration configuration) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // A role whose log can't be written still routes and watches; it only refuses changes.
        audit.TryEnter(new AuditRecord(audit.Self, "StartRole", $"version={facts.Version}", $"configuration {Digest()}"));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        audit.TryEnter(new AuditRecord(audit.Self, "StopRole", $"version={facts.Version}", ""));
        return Task.CompletedTask;
    }

    // Another digest at the next start is a changed configuration; which key, only the files know.
    private string Digest()
    {
        var lines = configuration.AsEnumerable().OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase).Select(pair => $"{pair.Key.ToUpperInvariant()}={pair.Value}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))).AsSpan(0, 8));
    }
}
