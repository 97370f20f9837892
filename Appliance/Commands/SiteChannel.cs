using System.CommandLine;
using System.CommandLine.Parsing;
using System.Security.Cryptography;
using Appliance.Hosting;
using Appliance.Hosting.Clients;
using Appliance.Local;

namespace Appliance.Commands;

/// <summary>How a command reaches a role of a running site: as a person with a certificate, over mutual TLS; or a board without one.</summary>
internal sealed class SiteChannel(Role role)
{
    private const string DefaultFolder = ".state/pki";
    private const string DefaultName = "operator";

    private readonly BoardSource? _board = role == Role.Bmc ? new BoardSource() : null;

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
        _board?.AddTo(command);
    }

    /// <summary>True where an address was given and not left at its default.</summary>
    public bool IsNamed(ParseResult parsed) => parsed.GetResult(_server) is { Implicit: false };

    /// <summary>Who is asked, for a message that says who failed.</summary>
    public string Where(ParseResult parsed) => _board?.Read(parsed) is { } request
        ? $"board {request.Board.Authority}"
        : $"the {role.ToString().ToLowerInvariant()} role at {parsed.GetRequiredValue(_server)}";

    /// <summary>What keeps it from being asked, and the way out.</summary>
    public string Fault(ParseResult parsed, Exception failure) => _board?.Read(parsed) is null
        ? $"The certificates cannot be read: {failure.Message} Name their folder with --pki and the certificate with --as."
        : failure.Message;

    /// <summary>The role, or one of this process's own where --board was given.</summary>
    public async Task<SiteLink> OpenLinkAsync(ParseResult parsed, CancellationToken token)
    {
        if (_board?.Read(parsed) is not { } request)
        {
            return new SiteLink(Open(parsed), own: null);
        }

        var own = await BoardSite.StartAsync(request, token);
        return new SiteLink(own.Channel, own);
    }

    /// <summary>Opens the channel; what is missing of the certificates is an <see cref="IOException"/> or <see cref="CryptographicException"/>.</summary>
    public PersonChannel Open(ParseResult parsed)
        => Open(parsed, parsed.GetRequiredValue(_server), role);

    /// <summary>The same to another role.</summary>
    public PersonChannel Open(ParseResult parsed, Uri address, Role other)
        => PersonChannel.Open(parsed.GetRequiredValue(_pki), parsed.GetRequiredValue(_name), address, other);

    public static Uri? ParseAddress(ArgumentResult result)
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
