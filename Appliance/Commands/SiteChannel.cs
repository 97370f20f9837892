using System.CommandLine;
using System.CommandLine.Parsing;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Grpc.Net.Client;

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
    public GrpcChannel Open(ParseResult parsed)
    {
        var folder = parsed.GetRequiredValue(_pki);
        var name = parsed.GetRequiredValue(_name);
        var certificate = X509Certificate2.CreateFromPemFile(PkiFiles.Certificate(folder, name), PkiFiles.Key(folder, name));
        var authority = X509CertificateLoader.LoadCertificateFromFile(PkiFiles.Certificate(folder, PkiFiles.Authority));
        return GrpcChannel.ForAddress(Server(parsed), new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler
            {
                ConnectTimeout = TimeSpan.FromSeconds(5),
                UseProxy = false,
                SslOptions =
                {
                    ClientCertificates = [certificate],
                    RemoteCertificateValidationCallback = (_, shown, _, _) => shown is X509Certificate2 server && IsRole(server, authority),
                },
            },
            DisposeHttpClient = true,
        });
    }

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

    // The SPIFFE role names the server; its host name may be any that leads there.
    private bool IsRole(X509Certificate2 server, X509Certificate2 authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        return chain.Build(server) && PeerIdentity.TryParse(server, out var identity) && identity.Role == role;
    }
}
