using System.CommandLine;

namespace Appliance.Commands;

/// <summary>`appliance pki`: the site's authority and certificates, as files without a running site, and at its router.</summary>
internal static class PkiCommand
{
    public static Command Create()
    {
        var command = new Command("pki", "Make a site's certificate authority, and give and take certificates.")
        {
            PkiInitCommand.Create(),
            PkiIssueCommand.Create(),
            PkiRequestCommand.Create(),
        };
        foreach (var approval in PkiApprovalCommand.Create())
        {
            command.Subcommands.Add(approval);
        }

        return command;
    }
}
