using System.Net;
using System.Threading.Channels;
using Appliance.Hosting.Identity;

namespace Appliance.Hosting.Listeners;

/// <summary>From where the site's people are connected, or were lately: whoever shuts out attackers must not shut out those who would let them in again.</summary>
/// <remarks>
/// A connection counts from its handshake on, as its certificate was verified then, until that certificate ends. Nodes and subscribers leave no
/// trace here, and neither does this machine itself.
/// </remarks>
public sealed class PeopleAddresses(TimeProvider clock, IEnumerable<PeopleElsewhere> elsewhere)
{
    /// <summary>How long an address counts after its last connection.</summary>
    public static readonly TimeSpan Linger = TimeSpan.FromMinutes(15);

    /// <summary>A site has a handful of people; a certificate that comes from a new address again and again must not fill the memory.</summary>
    public const int MaxAddresses = 256;

    private readonly Lock _turn = new();
    private readonly Dictionary<IPAddress, Stay> _stays = [];

    // One pending wake-up says all: whoever reads it looks at everything.
    private readonly Channel<bool> _arrivals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Says that there is an address that was not there before.</summary>
    public ChannelReader<bool> Arrivals => _arrivals.Reader;

    /// <summary>The addresses that count now.</summary>
    public IReadOnlyList<IPAddress> Current
    {
        get
        {
            var others = elsewhere.SelectMany(ask => ask()).Select(Plain).Where(address => !IPAddress.IsLoopback(address));
            lock (_turn)
            {
                Prune();
                return [.. _stays.Keys.Union(others)];
            }
        }
    }

    /// <summary>Who counts as one of the site's people.</summary>
    internal static bool IsPerson(PeerIdentity identity) => identity.Kind is PeerKind.Admin or PeerKind.Operator or PeerKind.Reader;

    /// <summary>Somebody has shown who he is, without a connection of his own here.</summary>
    public void See(IPAddress address) => Change(address, _ => { });

    /// <summary>A connection begins; it counts no longer than its certificate.</summary>
    internal void Enter(string connection, IPAddress address, DateTimeOffset end) => Change(address, stay => stay.Open[connection] = end);

    /// <summary>A connection has ended.</summary>
    internal void Leave(string connection, IPAddress address) => Change(address, stay => stay.Open.Remove(connection));

    // IPv4 over a socket of both families, in the notation that packets have.
    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private void Change(IPAddress address, Action<Stay> change)
    {
        var plain = Plain(address);
        if (IPAddress.IsLoopback(plain))
        {
            return;
        }

        bool isNew;
        lock (_turn)
        {
            Prune();
            isNew = !_stays.TryGetValue(plain, out var stay);
            if (stay is null)
            {
                MakeRoom();
                _stays[plain] = stay = new Stay();
            }

            change(stay);
            stay.Seen = clock.GetTimestamp();
        }

        if (isNew)
        {
            _arrivals.Writer.TryWrite(true);
        }
    }

    // Whoever is connected stays; among the others, the one that left first goes.
    private void MakeRoom()
    {
        if (_stays.Count >= MaxAddresses)
        {
            _stays.Remove(_stays.OrderBy(pair => pair.Value.Open.Count > 0).ThenBy(pair => pair.Value.Seen).First().Key);
        }
    }

    private void Prune()
    {
        var now = clock.GetUtcNow();
        foreach (var (address, stay) in _stays.ToList())
        {
            foreach (var ended in stay.Open.Where(pair => pair.Value <= now).Select(pair => pair.Key).ToList())
            {
                stay.Open.Remove(ended);
            }

            if (stay.Open.Count == 0 && clock.GetElapsedTime(stay.Seen) >= Linger)
            {
                _stays.Remove(address);
            }
        }
    }

    private sealed class Stay
    {
        /// <summary>Connections, and until when the certificate of each counts.</summary>
        public Dictionary<string, DateTimeOffset> Open { get; } = new(StringComparer.Ordinal);

        /// <summary>When a connection last came or went, on the clock that nobody sets.</summary>
        public long Seen { get; set; }
    }
}
