using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Enrollment;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Identity;
using Appliance.Nodes;

namespace Appliance.Commands;

/// <summary>`appliance image node-file`, where the site's authority is.</summary>
internal sealed class NodeFileCommand
{
    private const string NoAddress = "none";

    private readonly Argument<string> _name = new("NAME") { Description = "The node's name: a-z, 0-9 and '-'." };
    private readonly Option<string[]> _roles = new("--role") { Description = $"One of {string.Join(", ", RoleNames.All)}; repeated for roles that the node has besides the first.", HelpName = "ROLE", Required = true };
    private readonly Option<string> _pki = new("--pki") { Description = "Folder with the site's ca.crt and ca.key.", HelpName = "DIR", DefaultValueFactory = _ => "." };
    private readonly Option<string[]> _addresses = new("--address") { Description = $"The node's address with its prefix; may be repeated; default: dhcp; {NoAddress}: only tagged networks on the port.", HelpName = "CIDR" };
    private readonly Option<string> _gateway = new("--gateway") { Description = "The default gateway.", HelpName = "ADDRESS", DefaultValueFactory = _ => "" };
    private readonly Option<string[]> _dns = new("--dns") { Description = "A name server; may be repeated.", HelpName = "ADDRESS" };
    private readonly Option<string[]> _vlans = new("--vlan") { Description = "A tagged network, such as 10=192.168.10.1/24 or 20=dhcp; may be repeated; its device is the port's name, a dot and the ID.", HelpName = "ID=CIDR,…" };
    private readonly Option<string> _interface = new("--interface") { Description = $"The network port; default: every wired one, and {NodeFile.BoardPort} with --vlan.", HelpName = "NAME", DefaultValueFactory = _ => "" };
    private readonly Option<string> _router = new("--router") { Description = "Host name or address of the site's router; not for the router itself.", HelpName = "HOST", DefaultValueFactory = _ => "" };
    private readonly Option<string[]> _peers = new("--peer") { Description = "Where another role answers, such as detector=192.168.1.3; may be repeated.", HelpName = "ROLE=HOST" };
    private readonly Option<string[]> _settings = new("--set") { Description = "A further key of the configuration; may be repeated.", HelpName = "KEY=VALUE" };
    private readonly Option<int> _lifetime = new("--lifetime") { Description = "Days that the token counts.", HelpName = "DAYS", DefaultValueFactory = _ => (int)EnrollmentToken.DefaultLife.TotalDays };
    private readonly Option<string?> _out = new("--out") { Description = "The file to write; default: NAME.json.", HelpName = "FILE" };
    private readonly Option<string> _format = PkiOutput.Format();

    public static Command Create() => new NodeFileCommand().Build();

    private Command Build()
    {
        _name.Validators.Add(result => Require(result, PeerIdentity.IsName(result.GetValueOrDefault<string>() ?? ""), "NAME takes 1 to 63 of a-z, 0-9 and '-', not '-' at an end."));
        _roles.Validators.Add(result => PkiOutput.Check(result, word => RoleNames.TryParse(word, out _), $"one of {string.Join(", ", RoleNames.All)}"));
        _lifetime.Validators.Add(result => Require(result, result.GetValueOrDefault<int>() is >= 1 and <= 365, $"--lifetime is '{string.Join(' ', result.Tokens)}'; it takes 1 to 365 days."));
        var command = new Command("node-file", "Write the signed file that makes a flashed image this node; a router's holds the authority's key, so keep it like that.")
        {
            _name, _roles, _pki, _addresses, _gateway, _dns, _vlans, _interface, _router, _peers, _settings, _lifetime, _out, _format,
        };
        command.SetAction(parsed => PkiOutput.Run(parsed, _format, () => Write(parsed)));
        return command;
    }

    private IReadOnlyList<(string, string)> Write(ParseResult parsed)
    {
        var pki = parsed.GetRequiredValue(_pki);
        using var authority = SiteAuthority.Open(pki, TimeProvider.System);
        var file = NodeFileSignature.Sign(Describe(parsed, authority, pki), authority);
        try
        {
            RoleConfiguration.Check(file);
        }
        catch (ConfigurationFaultException faults)
        {
            throw new InvalidInputException("settings", string.Join(" ", faults.Faults));
        }

        var path = parsed.GetValue(_out) ?? $"{file.Name}.json";
        PkiFiles.RefuseExisting(path);
        PrivateFiles.WriteSecret(path, Encoding.UTF8.GetString(NodeFileText.Write(file)) + "\n");
        return [("file", path), ("identity", string.Join(' ', file.Roles.Select(role => PeerIdentity.OfNode(file.Site, file.Name, role)))), ("ca_sha256", file.AuthoritySha256)];
    }

    private NodeFile Describe(ParseResult parsed, SiteAuthority authority, string pki)
    {
        var roles = parsed.GetRequiredValue(_roles).Select(word => RoleNames.TryParse(word, out var role) ? role : throw new InvalidInputException("--role", "was checked before")).ToList();
        var addresses = parsed.GetValue(_addresses) ?? [];
        var file = new NodeFile
        {
            Site = authority.Site,
            Name = parsed.GetRequiredValue(_name),
            Role = roles[0],
            FurtherRoles = [.. roles.Skip(1).Select(role => new FurtherRole(role, ""))],
            Addresses = addresses is [NoAddress] ? [] : addresses.Length > 0 ? addresses : [NodeFile.Dhcp],
            Gateway = parsed.GetRequiredValue(_gateway),
            Dns = parsed.GetValue(_dns) ?? [],
            Vlans = [.. (parsed.GetValue(_vlans) ?? []).Select(ReadVlan)],
            Interface = parsed.GetRequiredValue(_interface),
            Router = parsed.GetRequiredValue(_router),
            Settings = ReadSettings(parsed),
            Authority = authority.CertificatePem,
            AuthoritySha256 = Convert.ToHexStringLower(SHA256.HashData(authority.Certificate.RawData)),
            AuthorityKey = roles[0] == Role.Router ? File.ReadAllText(PkiFiles.Key(pki, PkiFiles.Authority)) : "",
        };
        var end = TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(parsed.GetValue(_lifetime));
        return file.Role == Role.Router ? file : EnrollmentToken.Into(file, end, authority);
    }

    private Dictionary<string, string> ReadSettings(ParseResult parsed)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in parsed.GetValue(_peers) ?? [])
        {
            var (word, host) = Split(text, "--peer");
            settings[RoleNames.TryParse(word, out var role) ? $"Peers:{role}" : throw new InvalidInputException("--peer", $"is '{text}'; it takes ROLE=HOST, such as detector=192.168.1.3")]
                = RoleConfiguration.Address(role, host);
        }

        foreach (var text in parsed.GetValue(_settings) ?? [])
        {
            var (key, value) = Split(text, "--set");
            settings[key] = value;
        }

        return settings;
    }

    private static NodeVlan ReadVlan(string text)
    {
        var (id, addresses) = Split(text, "--vlan");
        return int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new NodeVlan(number, addresses.Split(','))
            : throw new InvalidInputException("--vlan", $"is '{text}'; it takes ID=CIDR, such as 10=192.168.10.1/24");
    }

    private static (string Left, string Right) Split(string text, string option) => text.IndexOf('=', StringComparison.Ordinal) is > 0 and var place
        ? (text[..place], text[(place + 1)..])
        : throw new InvalidInputException(option, $"is '{text}'; it takes a name, '=', and a value");

    private static void Require(SymbolResult result, bool isGood, string message)
    {
        if (!isGood)
        {
            result.AddError(message);
        }
    }
}
