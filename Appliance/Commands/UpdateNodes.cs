using System.CommandLine;
using System.CommandLine.Parsing;
using System.Security.Cryptography;
using Appliance.Hosting;
using Appliance.Hosting.Clients;

namespace Appliance.Commands;

/// <summary>Which nodes of the site a command is for, and how each is reached.</summary>
internal sealed class UpdateNodes
{
    // Those first whose absence hurts least: without the detector the router still routes and blocks, without the router nobody is on line.
    // The bmc role comes last, so that a working one watches over the others.
    private static readonly Role[] Order = [Role.Detector, Role.Logger, Role.Router, Role.Bmc];

    private readonly Option<UpdateNode[]> _nodes = new("--node")
    {
        Description = "Node to be asked, by its role; the address where it is not https://localhost:PORT. Several are taken in the order detector, logger, router, bmc",
        HelpName = "ROLE[=URL]",
        AllowMultipleArgumentsPerToken = true,
        CustomParser = Parse,
        DefaultValueFactory = _ => [],
    };

    private readonly Option<bool> _all = new("--all") { Description = "Detector, logger and router, and the bmc node where --node names it" };
    private readonly Option<string> _pki = new("--pki") { Description = "Folder with ca.crt and the certificate of --as", HelpName = "DIR", DefaultValueFactory = _ => ".state/pki" };
    private readonly Option<string> _name = new("--as") { Description = "Certificate to show: NAME.crt and NAME.key in --pki; updates take an admin", HelpName = "NAME", DefaultValueFactory = _ => "admin" };

    public void AddTo(Command command)
    {
        command.Options.Add(_nodes);
        command.Options.Add(_all);
        command.Options.Add(_pki);
        command.Options.Add(_name);
        command.Validators.Add(result =>
        {
            // Not its value: asking for that throws where it names no node, which is told by itself.
            if (result.GetResult(_all) is null && result.GetResult(_nodes) is not { Implicit: false })
            {
                result.AddError("Name the nodes with --node ROLE[=URL], or --all.");
            }
        });
    }

    /// <summary>In the order in which they are updated, each role once.</summary>
    public IReadOnlyList<UpdateNode> Read(ParseResult parsed)
    {
        var named = parsed.GetValue(_nodes) ?? [];
        var all = parsed.GetValue(_all) ? Order.Where(role => role != Role.Bmc).Select(OnThisMachine) : [];
        return [.. named.Concat(all).DistinctBy(node => node.Role).OrderBy(node => Array.IndexOf(Order, node.Role))];
    }

    public PersonChannel Open(ParseResult parsed, UpdateNode node)
    {
        try
        {
            return PersonChannel.Open(parsed.GetRequiredValue(_pki), parsed.GetRequiredValue(_name), node.Address, node.Role);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CommandFailedException($"The certificates cannot be read: {failure.Message} Name their folder with --pki and the certificate with --as.", failure);
        }
    }

    private static UpdateNode OnThisMachine(Role role) => new(role, new Uri($"https://localhost:{RolePorts.Grpc(role)}"));

    private static UpdateNode[]? Parse(ArgumentResult result)
    {
        var nodes = new List<UpdateNode>();
        foreach (var text in result.Tokens.Select(token => token.Value))
        {
            var parts = text.Split('=', 2);
            var address = parts.Length == 2 && Uri.TryCreate(parts[1], UriKind.Absolute, out var given) && given.Scheme == Uri.UriSchemeHttps ? given : null;
            if (!RoleNames.TryParse(parts[0], out var role) || (parts.Length == 2 && address is null))
            {
                result.AddError($"\"{text}\" names no node; write for example router=https://192.168.1.1:7443.");
                return null;
            }

            nodes.Add(address is null ? OnThisMachine(role) : new UpdateNode(role, address));
        }

        return [.. nodes];
    }
}
