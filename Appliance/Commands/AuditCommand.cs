using System.CommandLine;
using System.Text.Json;
using Appliance.Hosting.Audit;

namespace Appliance.Commands;

/// <summary>`appliance audit verify FILE`.</summary>
internal static class AuditCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A role's audit.db, also while the role runs." };
        var format = CommonOptions.Format();
        var verify = new Command("verify", "Follow the chain of an audit log from its first entry to its last.") { file, format };
        verify.SetAction(parsed =>
        {
            var path = parsed.GetValue(file)!;
            var verdict = AuditVerification.OfFile(path);
            if (verdict.Fault is { } fault)
            {
                throw new CommandFailedException($"{path}: {fault}; {verdict.Entries} entries before it are in order.");
            }

            var hash = Convert.ToHexStringLower(verdict.LastHash.Span);
            Console.WriteLine(parsed.GetValue(format) == OutputFormat.Json
                ? $$"""{"file":"{{JsonEncodedText.Encode(path)}}","entries":{{verdict.Entries}},"last_hash":"{{hash}}"}"""
                : $"{path}: {verdict.Entries} entries, none changed, missing or out of place; the last hash is {hash}.");
            return CommandLine.Done;
        });
        return new Command("audit", "Look at audit logs.") { verify };
    }
}
