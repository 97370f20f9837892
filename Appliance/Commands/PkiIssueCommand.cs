using System.CommandLine;
using System.CommandLine.Parsing;
using Appliance.Hosting;
using Appliance.Hosting.Identity;

namespace Appliance.Commands;

/// <summary>`appliance pki issue`.</summary>
internal sealed class PkiIssueCommand
{
    private static readonly string[] Kinds = [.. Enum.GetValues<PeerKind>().Select(PeerIdentity.KindWord)];

    private readonly Argument<string> _folder = new("DIR") { Description = "Folder that holds the authority's ca.crt and ca.key." };
    private readonly Option<string> _kind = new("--kind") { Description = "Who the certificate is for.", Required = true };
    private readonly Option<string> _name = new("--name") { Description = "Name of the person or the node: a-z, 0-9 and '-'.", Required = true };
    private readonly Option<string> _role = new("--role") { Description = "The node's role; with kind node only." };
    private readonly Option<string> _out = new("--out") { Description = "Folder that takes certificate and key; people's go to DIR when it is not given." };
    private readonly Option<string[]> _hosts = new("--host") { Description = "A further DNS name or address that the node answers by; may be repeated." };
    private readonly Option<int> _days = PkiOutput.Days((int)SiteAuthority.DefaultLeafLife.TotalDays, "Days that the certificate lives.");
    private readonly Option<string> _format = PkiOutput.Format();

    private PkiIssueCommand()
    {
        _kind.Validators.Add(result => PkiOutput.Check(result, word => PeerIdentity.TryKind(word, out _), $"one of {string.Join(", ", Kinds)}"));
        _role.Validators.Add(result => PkiOutput.Check(result, word => RoleNames.TryParse(word, out _), $"one of {string.Join(", ", RoleNames.All)}"));
        _name.Validators.Add(result => PkiOutput.Check(result, PeerIdentity.IsName, "1 to 63 of a-z, 0-9 and '-', not '-' at an end"));
        _hosts.Validators.Add(CheckHosts);
    }

    public static Command Create() => new PkiIssueCommand().Build();

    private Command Build()
    {
        var command = new Command("issue", "Issue a certificate: NAME.crt and NAME.key for a person, node.crt, node.key and ca.crt for a node.")
        {
            _folder, _kind, _name, _role, _out, _hosts, _days, _format,
        };
        command.Validators.Add(CheckNode);
        command.SetAction(parsed => PkiOutput.Run(parsed, _format, () => Issue(parsed)));
        return command;
    }

    private IReadOnlyList<(string, string)> Issue(ParseResult parsed)
    {
        var folder = parsed.GetRequiredValue(_folder);
        var target = parsed.GetValue(_out) ?? folder;
        using var authority = SiteAuthority.Open(folder, TimeProvider.System);
        var identity = Identify(parsed, authority.Site);
        var name = identity.Kind == PeerKind.Node ? PkiFiles.Node : identity.Name;
        var issued = authority.Issue(identity, TimeSpan.FromDays(parsed.GetValue(_days)), parsed.GetValue(_hosts) ?? []);
        if (identity.Kind == PeerKind.Node)
        {
            authority.WriteNode(issued, target);
        }
        else
        {
            issued.Write(target, name);
        }

        return
        [
            ("identity", identity.ToString()),
            ("certificate", PkiFiles.Certificate(target, name)),
            ("key", PkiFiles.Key(target, name)),
            ("serial_number", issued.SerialNumber),
            ("expire_time", PkiOutput.Time(issued.ExpireTime)),
        ];
    }

    private PeerIdentity Identify(ParseResult parsed, string site)
    {
        PeerIdentity.TryKind(parsed.GetRequiredValue(_kind), out var kind);
        var name = parsed.GetRequiredValue(_name);
        return RoleNames.TryParse(parsed.GetValue(_role), out var role) ? PeerIdentity.OfNode(site, name, role) : PeerIdentity.OfPerson(site, kind, name);
    }

    // A node's files have fixed names, so each node needs a folder of its own, and what it is goes by its role.
    private void CheckNode(CommandResult result)
    {
        var isNode = result.GetValue(_kind) == PeerIdentity.KindWord(PeerKind.Node);
        var (hasRole, hasOut, hasHosts) = (result.GetResult(_role) is not null, result.GetResult(_out) is not null, result.GetResult(_hosts) is not null);
        if (isNode && !(hasRole && hasOut))
        {
            result.AddError($"Kind node takes --role and --out, {(hasRole ? "--out" : "--role")} is missing.");
        }
        else if (!isNode && (hasRole || hasHosts))
        {
            result.AddError($"{(hasRole ? "--role" : "--host")} is for kind node only; leave it out.");
        }
    }

    private static void CheckHosts(OptionResult result)
    {
        foreach (var token in result.Tokens.Where(token => Uri.CheckHostName(token.Value) == UriHostNameType.Unknown))
        {
            result.AddError($"--host is '{token.Value}'; it takes a DNS name or an IP address.");
        }
    }
}
