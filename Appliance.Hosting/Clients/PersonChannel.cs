using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting.Identity;
using Grpc.Core;
using Grpc.Net.Client;

namespace Appliance.Hosting.Clients;

/// <summary>A channel that a person's tool opens to one role: the person's certificate shown, the server accepted as that role of the site alone.</summary>
public sealed class PersonChannel : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly GrpcChannel _channel;
    private readonly X509Certificate2 _authority;
    private readonly X509Certificate2 _certificate;

    private PersonChannel(string folder, string name, Uri address, Role role)
    {
        // The loader names no file in its own message.
        foreach (var path in (string[])[PkiFiles.Certificate(folder, name), PkiFiles.Key(folder, name), PkiFiles.Certificate(folder, PkiFiles.Authority)])
        {
            if (!File.Exists(path))
            {
                throw new FileNotFoundException($"{path} is not there.", path);
            }
        }

        _authority = X509CertificateLoader.LoadCertificateFromFile(PkiFiles.Certificate(folder, PkiFiles.Authority));
        _certificate = X509Certificate2.CreateFromPemFile(PkiFiles.Certificate(folder, name), PkiFiles.Key(folder, name));
        _channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = NewHandler(role), DisposeHttpClient = true });
    }

    /// <summary>What a generated client is made with.</summary>
    public CallInvoker Calls => _channel.CreateCallInvoker();

    /// <summary>Reads <c>ca.crt</c>, <c>NAME.crt</c> and <c>NAME.key</c> of the folder; a missing one is an <see cref="IOException"/>, a damaged one a <see cref="System.Security.Cryptography.CryptographicException"/>.</summary>
    public static PersonChannel Open(string folder, string name, Uri address, Role role) => new(folder, name, address, role);

    public void Dispose()
    {
        _channel.Dispose();
        _certificate.Dispose();
        _authority.Dispose();
    }

    private SocketsHttpHandler NewHandler(Role role) => new()
    {
        ConnectTimeout = ConnectTimeout,
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        SslOptions =
        {
            ClientCertificates = [_certificate],
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = PeerVerifier.Policy([_authority]),
            // The SPIFFE role names the server; its host name may be any that leads there.
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown is X509Certificate2 server && IsRole(server, role),
        },
    };

    private bool IsRole(X509Certificate2 server, Role role)
    {
        using var chain = new X509Chain { ChainPolicy = PeerVerifier.Policy([_authority]) };
        return chain.Build(server) && PeerIdentity.TryParse(server, out var identity) && identity.Role == role;
    }
}
