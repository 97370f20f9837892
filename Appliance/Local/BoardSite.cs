using Appliance.Bmc.Board;
using Appliance.Hosting;
using Appliance.Hosting.Clients;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Identity;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Appliance.Local;

/// <summary>
/// The bmc role for one command: what `--board URL` speaks to where there is no site, or where the site's own bmc role is in
/// the slot that is to be flashed. It is the same code, on a port of this machine that only this process has a certificate for.
/// </summary>
internal sealed class BoardSite : IAsyncDisposable
{
    private const string Name = "workstation";
    private const string Person = "workstation";

    // Longer than any command takes; the authority outlives what it signs.
    private static readonly TimeSpan Life = TimeSpan.FromDays(1);

    private readonly FileStream _lock;
    private readonly RoleHosts _hosts;
    private readonly PersonChannel _channel;

    private BoardSite(FileStream held, RoleHosts hosts, PersonChannel channel)
    {
        _lock = held;
        _hosts = hosts;
        _channel = channel;
    }

    public PersonChannel Channel => _channel;

    /// <summary>Starts it; images, jobs and the board's pinned certificate are kept in the folder, which one command at a time may use.</summary>
    public static async Task<BoardSite> StartAsync(BoardSiteRequest request, CancellationToken token)
    {
        PrivateFiles.CreateFolder(request.Folder);
        var held = Hold(request.Folder);
        var hosts = new RoleHosts(sources => Use(sources, request), LogLevel.Warning)
        {
            Add = services => services.AddSingleton(BoardSettingNames.CommandLine),
        };
        try
        {
            var pki = Issue(request.Folder);
            await hosts.StartAsync(Role.Bmc, token);
            return new BoardSite(held, hosts, PersonChannel.Open(pki, Person, AddressOf(hosts), Role.Bmc));
        }
        catch
        {
            await hosts.DisposeAsync();
            await held.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _hosts.DisposeAsync();
        await _lock.DisposeAsync();
    }

    // Nothing else counts: what the environment says is meant for the roles of a node.
    private static void Use(IConfigurationManager sources, BoardSiteRequest request)
    {
        sources.Sources.Clear();
        sources.AddInMemoryCollection(Settings(request));
    }

    private static FileStream Hold(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, "in-use"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (Directory.Exists(folder))
        {
            throw new IOException($"{folder} is in use by another command for this board; wait until that has ended, or name another folder with --board-state.", error);
        }
    }

    /// <summary>An authority and two certificates for this run alone; nobody else ever sees the keys.</summary>
    private static string Issue(string folder)
    {
        var pki = Path.Combine(folder, "pki");
        var node = Path.Combine(folder, Role.Bmc.Word(), "pki");
        foreach (var old in (string[])[pki, node])
        {
            if (Directory.Exists(old))
            {
                Directory.Delete(old, recursive: true);
            }

            PrivateFiles.CreateFolder(old);
        }

        using var authority = SiteAuthority.Create(pki, Name, 2 * Life, TimeProvider.System);
        authority.Issue(PeerIdentity.OfPerson(Name, PeerKind.Admin, Person), Life, []).Write(pki, Person);
        authority.Issue(PeerIdentity.OfNode(Name, Name, Role.Bmc), Life, []).Write(node, PkiFiles.Node);
        File.Copy(PkiFiles.Certificate(pki, PkiFiles.Authority), PkiFiles.Certificate(node, PkiFiles.Authority));
        File.Delete(PkiFiles.Key(pki, PkiFiles.Authority));
        return pki;
    }

    private static Uri AddressOf(RoleHosts hosts)
    {
        var addresses = hosts.Services(Role.Bmc).GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return new Uri(addresses.Single(address => address.StartsWith("https://", StringComparison.Ordinal)));
    }

    private static Dictionary<string, string?> Settings(BoardSiteRequest request) => new(request.Settings)
    {
        ["Node:Site"] = Name,
        ["Node:Name"] = Name,
        ["Node:StateDirectory"] = request.Folder,
        ["Node:ListenAddress"] = "127.0.0.1",
        ["Node:Ports:Bmc"] = "0",
        ["Node:MetricsPorts:Bmc"] = "0",
        ["Bmc:Board:Address"] = request.Board.AbsoluteUri,
    };
}
