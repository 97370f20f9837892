using System.CommandLine;

namespace Appliance.Commands;

/// <summary>`appliance pki`: the site's authority and certificates, as files and without a running site.</summary>
internal static class PkiCommand
{
    public static Command Create() => new("pki", "Make a site's certificate authority and issue certificates from it.")
    {
        PkiInitCommand.Create(),
        PkiIssueCommand.Create(),
    };
}
