using System.CommandLine;
using System.CommandLine.Parsing;
using System.Security.Cryptography;
using Appliance.Hosting;
using Appliance.Hosting.Clients;

namespace Appliance.Commands;

/// <summary>How a command reaches a role of a running site: as a person with a certificate, over mutual TLS.</summary>
internal sealed class SiteChannel(Role role)
{
    private const string DefaultFolder = ".state/pki";
    private const string DefaultName = "operator";

    private readonly Option<Uri> _server = new("--server")
    {
        Description = $"Address of the {role} role",
        HelpName = "URL",
        CustomParser = ParseAddress,
        DefaultValueFactory = _ => new Uri($"https://localhost:{RolePorts.Grpc(role)}"),
    };

    private readonly Option<string> _pki = new("--pki")
    {
        Description = "Folder with ca.crt and the certificate of --as",
        HelpName = "DIR",
        DefaultValueFactory = _ => DefaultFolder,
    };

    private readonly Option<string> _name = new("--as")
    {
        Description = "Certificate to show: NAME.crt and NAME.key in --pki",
        HelpName = "NAME",
        DefaultValueFactory = _ => DefaultName,
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_server);
        command.Options.Add(_pki);
        command.Options.Add(_name);
    }

    public Uri Server(ParseResult parsed) => parsed.GetRequiredValue(_server);

    /// <summary>Opens the channel; what is missing of the certificates is an <see cref="IOException"/> or <see cref="CryptographicException"/>.</summary>
    public PersonChannel Open(ParseResult parsed)
        => PersonChannel.Open(parsed.GetRequiredValue(_pki), parsed.GetRequiredValue(_name), Server(parsed), role);

    private static Uri? ParseAddress(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps)
        {
            return address;
        }

        result.AddError($"\"{text}\" is no https address; write for example https://localhost:7446.");
        return null;
    }
}
