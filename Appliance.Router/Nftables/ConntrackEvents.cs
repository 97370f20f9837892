using System.ComponentModel;
using Appliance.Hosting.Errors;
using Appliance.Router.Traffic;

namespace Appliance.Router.Nftables;

/// <summary>Keeps the table of translations by what the kernel tells of connections that begin and end; reads the kernel's whole table at the start and when something was lost.</summary>
internal sealed class ConntrackEvents : IDisposable
{
    // An entry needs 1 KB of it, so that some 8000 may begin and end while this process does something else.
    private const int BufferBytes = 8 * 1024 * 1024;

    // Bounds how late a whole reading comes that was put off.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // Of the end of what began before anybody listened the kernel tells nothing (nf_conntrack_events 2, the default).
    private static readonly TimeSpan ReadingInterval = TimeSpan.FromMinutes(1);

    // A whole reading takes at most a fifth of the time, however often events are lost.
    private const int PauseFactor = 4;

    private readonly NetlinkSocket _socket;
    private readonly IConnectionTracker _connections;
    private readonly NatTable _translations;
    private readonly TimeProvider _clock;
    private readonly byte[] _received = new byte[NetlinkSocket.ReceiveBytes];
    private bool _isReadingDue = true;
    private TimeSpan _pause;
    private long? _lastReading;

    public ConntrackEvents(NetlinkSocket socket, IConnectionTracker connections, NatTable translations, TimeProvider clock)
    {
        _socket = socket;
        _connections = connections;
        _translations = translations;
        _clock = clock;
        socket.SetReceiveBuffer(BufferBytes);
        socket.SetPatience(Patience);
        socket.Join(NetlinkProtocol.NewConnections);
        socket.Join(NetlinkProtocol.EndedConnections);
    }

    /// <summary>Follows the kernel until it is stopped, on the caller's thread.</summary>
    public void Run(CancellationToken token)
    {
        using var wake = token.Register(Wake);
        while (!token.IsCancellationRequested)
        {
            Step();
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Takes what the kernel tells next; once nothing is left, the whole table if that is due.</summary>
    internal void Step()
    {
        var isReading = IsReadingDue();
        switch (_socket.TryReceive(_received, waits: !isReading, out var datagram))
        {
            case 0:
                Take(datagram);
                break;
            case Libc.NoBuffers:
                // From here on the kernel tells nothing until what it has told has been read, so that comes first.
                _translations.CountLoss();
                _isReadingDue = true;
                break;
            case Libc.Again when isReading:
                ReadAll();
                break;
            case Libc.Again or Libc.Interrupted:
                break;
            case var error:
                throw new Win32Exception(error);
        }
    }

    private bool IsReadingDue()
    {
        if (_lastReading is not { } last)
        {
            return true;
        }

        var since = _clock.GetElapsedTime(last);
        return since > _pause && (_isReadingDue || (since > ReadingInterval && _translations.Count > 0));
    }

    private void ReadAll()
    {
        var start = _clock.GetTimestamp();
        try
        {
            _translations.BeginRound();
            _connections.Read(_translations.Take, _translations.BeginRound);
            _translations.EndRound();
            _isReadingDue = false;
        }
        catch (ApplianceException)
        {
            // Still due, and tried again after the pause; what is known stays known.
        }

        _lastReading = _clock.GetTimestamp();
        _pause = _clock.GetElapsedTime(start, _lastReading.Value) * PauseFactor;
        _pause = _pause > Patience ? _pause : Patience;
    }

    private void Take(ReadOnlySpan<byte> datagram)
    {
        var reader = new MessageReader(datagram);
        while (reader.TryRead(out var header, out var payload))
        {
            if (header.Type is not (NetlinkProtocol.NewConnection or NetlinkProtocol.DeleteConnection) || !ConntrackEntry.TryRead(payload, out var connection))
            {
                continue;
            }

            if (header.Type == NetlinkProtocol.NewConnection)
            {
                _translations.Begin(connection);
            }
            else
            {
                _translations.End(connection);
            }
        }
    }

    private void Wake()
    {
        var writer = new MessageWriter(stackalloc byte[NetlinkProtocol.HeaderLength + NetlinkProtocol.FamilyHeaderLength]);
        ConntrackRequest.WriteNothing(ref writer);
        _socket.Send(writer.Written);
    }
}
