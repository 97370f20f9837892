using System.CommandLine;
using Appliance.Hosting.Identity;

namespace Appliance.Commands;

/// <summary>`appliance pki init`.</summary>
internal static class PkiInitCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "Folder that takes ca.crt and ca.key; made with mode 0700 when missing." };
        var site = new Option<string>("--site") { Description = "Name of the site: a-z, 0-9 and '-'.", Required = true };
        site.Validators.Add(result => PkiOutput.Check(result, PeerIdentity.IsSite, "1 to 63 of a-z, 0-9 and '-'"));
        var days = PkiOutput.Days((int)SiteAuthority.DefaultAuthorityLife.TotalDays, "Days that the authority lives.");
        var format = PkiOutput.Format();
        var command = new Command("init", "Make the certificate authority of a site.") { folder, site, days, format };
        command.SetAction(parsed => PkiOutput.Run(parsed, format, () =>
        {
            var path = parsed.GetRequiredValue(folder);
            using var authority = SiteAuthority.Create(path, parsed.GetRequiredValue(site), TimeSpan.FromDays(parsed.GetValue(days)), TimeProvider.System);
            return
            [
                ("site", authority.Site),
                ("certificate", PkiFiles.Certificate(path, PkiFiles.Authority)),
                ("key", PkiFiles.Key(path, PkiFiles.Authority)),
                ("expire_time", PkiOutput.Time(authority.ExpireTime)),
            ];
        }));
        return command;
    }
}
