using Appliance.Hosting.Identity;
using Appliance.Tests.Shared;

namespace Appliance.Logger.Tests.Fanout;

/// <summary>Who a client is, and where it connects: the options that mosquitto's tools share.</summary>
internal sealed record MqttPeer(int Port, string Authority, string? Certificate, string? Key, string ClientId)
{
    public string Version { get; init; } = "mqttv5";

    public IEnumerable<string> Arguments =>
    [
        "-h", "localhost", "-p", $"{Port}", "--cafile", Authority, "-V", Version,
        .. Certificate is null ? [] : (string[])["--cert", Certificate, "--key", Key!],
        .. ClientId.Length == 0 ? [] : (string[])["-i", ClientId],
    ];

    /// <summary>A client with a new certificate of that kind, in files under the folder.</summary>
    public static MqttPeer Of(TestSite site, TempFolder folder, int port, PeerKind kind, string name) =>
        Of(site.Authority, folder, port, PeerIdentity.OfPerson(site.Authority.Site, kind, name), TimeSpan.FromDays(1));

    public static MqttPeer Of(SiteAuthority authority, TempFolder folder, int port, PeerIdentity identity, TimeSpan life)
    {
        string name = $"{identity.Kind}-{identity.Name}-{Guid.NewGuid():N}";
        authority.Issue(identity, life, []).Write(folder.Path, name);
        return new MqttPeer(port, AuthorityFile(authority, folder), folder.File(name + ".crt"), folder.File(name + ".key"), identity.Name);
    }

    public static string AuthorityFile(SiteAuthority authority, TempFolder folder)
    {
        string path = folder.File($"{authority.Site}-ca.crt");
        // Once: written anew it would be empty for a moment, in which a client that started before may read it.
        if (!File.Exists(path))
        {
            File.WriteAllText(path, authority.CertificatePem);
        }

        return path;
    }
}
