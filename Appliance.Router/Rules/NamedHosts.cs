using System.Net;
using System.Net.Sockets;
using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Rules;

/// <summary>The nodes of the site and the cluster board, by address; names are asked for again and again, and the last answer counts until there is another.</summary>
internal sealed partial class NamedHosts
{
    // A name with more is none of a node's.
    private const int MaxAddresses = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly HostLookup _lookup;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly IReadOnlyList<(string Host, string Reason)> _names;
    private readonly IReadOnlyList<NeededAddress> _fixed;
    private readonly HashSet<string> _unknown = new(StringComparer.Ordinal);
    private volatile IReadOnlyDictionary<string, IPAddress[]> _answers = new Dictionary<string, IPAddress[]>();

    public NamedHosts(IOptions<PeerOptions> peers, IOptions<BlockOptions> options, HostLookup lookup, TimeProvider clock, ILogger<NamedHosts> logger)
    {
        (_lookup, _clock, _logger) = (lookup, clock, logger);
        Interval = options.Value.ProtectedRefresh;
        List<(string Host, string Reason)> hosts = [.. Enum.GetValues<Role>().Select(role => (peers.Value.Of(role).DnsSafeHost, $"Node of role {role} ({PeerOptions.Section})."))];
        if (options.Value.BoardAddress.Length > 0)
        {
            hosts.Add((options.Value.BoardAddress, $"The cluster board ({BlockOptions.Section}:{nameof(BlockOptions.BoardAddress)})."));
        }

        _fixed = [.. hosts.Where(host => IsAddress(host.Host)).Select(host => new NeededAddress(IPAddress.Parse(host.Host), host.Reason))];
        // Loopback is protected whatever is in it.
        _names = [.. hosts.Where(host => !IsAddress(host.Host) && !host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))];
    }

    /// <summary>How often names are to be asked for.</summary>
    public TimeSpan Interval { get; }

    public IReadOnlyList<NeededAddress> Current =>
    [
        .. _fixed,
        .. _names.SelectMany(name => _answers.GetValueOrDefault(name.Host, []).Select(address => new NeededAddress(address, name.Reason))),
    ];

    /// <summary>Asks for all names; one that has no answer keeps the last.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var answers = new Dictionary<string, IPAddress[]>(_answers, StringComparer.Ordinal);
        foreach (var host in _names.Select(name => name.Host).Distinct())
        {
            if (await AskAsync(host, cancellationToken) is { Length: > 0 } found)
            {
                answers[host] = [.. found.Take(MaxAddresses)];
            }
        }

        _answers = answers;
    }

    private static bool IsAddress(string host) => IPAddress.TryParse(host, out _);

    private async Task<IPAddress[]?> AskAsync(string host, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            var found = await _lookup(host, either.Token);
            _unknown.Remove(host);
            return found;
        }
        catch (Exception error) when (error is SocketException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Asked twice a minute: said once.
            if (_unknown.Add(host))
            {
                LogUnknown(host, error.Message);
            }

            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Host} has no address ({Error}); the one that it had stays protected.")]
    private partial void LogUnknown(string host, string error);
}
