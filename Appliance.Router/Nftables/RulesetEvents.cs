using System.ComponentModel;
using Appliance.Router.Rules.Keeping;

namespace Appliance.Router.Nftables;

/// <summary>Hears from the kernel who changes our tables; of other tables it sees that they are others, no more.</summary>
internal sealed class RulesetEvents : IDisposable
{
    // The elements of our own large applies are told too; what finds no room is told as a loss.
    private const int BufferBytes = 8 * 1024 * 1024;

    // Bounds how late the end is noticed should the wake-up be lost.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // In the messages of nf_tables.h for tables, chains, rules, sets, elements, objects and flowtables alike.
    private const ushort TableName = 1;

    private readonly NetlinkSocket _socket;
    private readonly OwnChanges _own;
    private readonly ChangeSignal _signal;
    private readonly byte[] _received = new byte[NetlinkSocket.ReceiveBytes];
    private readonly ChangeSignal? _feeds;
    private bool _isTouched;
    private bool _isFeedTouched;
    private bool _isMade;

    public RulesetEvents(NetlinkSocket socket, OwnChanges own, ChangeSignal signal, ChangeSignal? feeds)
    {
        _socket = socket;
        _own = own;
        _signal = signal;
        _feeds = feeds;
        socket.SetReceiveBuffer(BufferBytes);
        socket.SetPatience(Patience);
        socket.Join(NetlinkProtocol.RulesetChanges);
    }

    /// <summary>Listens until it is stopped, on the caller's thread.</summary>
    public void Run(CancellationToken token)
    {
        using var wake = token.Register(Wake);
        while (!token.IsCancellationRequested)
        {
            Step();
        }
    }

    public void Dispose() => _socket.Dispose();

    private void Step()
    {
        switch (_socket.TryReceive(_received, waits: true, out var datagram))
        {
            case 0:
                Take(datagram);
                break;
            case Libc.NoBuffers:
                // Whose transaction is cut, and what was in it, nobody knows. A feed of 100 000 of our own is as long as that,
                // so the feeds' table is not taken for changed: it would be filled again, which is as long, without end.
                _isTouched = true;
                _signal.Tell(ForeignChange.Unheard);
                break;
            case Libc.Again or Libc.Interrupted:
                break;
            case var error:
                throw new Win32Exception(error);
        }
    }

    private void Take(ReadOnlySpan<byte> datagram)
    {
        var reader = new MessageReader(datagram);
        while (reader.TryRead(out var header, out var payload))
        {
            if (header.Type >> 8 != NetlinkProtocol.NftablesSubsystem)
            {
                continue;
            }

            if (header.Type == NetlinkProtocol.NewGeneration)
            {
                End(header, payload);
            }
            else if (IsOf(payload, BaseRuleset.Table))
            {
                _isTouched = true;
                _isMade |= header.Type == NetlinkProtocol.NewTable;
            }
            else if (!_isFeedTouched && IsOf(payload, FeedTableText.Table))
            {
                _isFeedTouched = true;
            }
        }
    }

    // A transaction's changes come first, and its generation ends it.
    private void End(NetlinkHeader header, ReadOnlySpan<byte> payload)
    {
        if ((_isTouched || _isFeedTouched) && GenerationCodec.TryRead(payload, out var made))
        {
            if (!_own.Made(header.Port, made.ProcessId))
            {
                var change = new ForeignChange((int)made.ProcessId, made.ProcessName, made.Number);
                if (_isTouched)
                {
                    _signal.Tell(change);
                }

                if (_isFeedTouched)
                {
                    _feeds?.Tell(change);
                }
            }
            else if (_isMade)
            {
                _signal.TellApplied(made.Number);
            }
        }

        _isTouched = _isFeedTouched = _isMade = false;
    }

    private static bool IsOf(ReadOnlySpan<byte> payload, string table) =>
        payload.Length >= NetlinkProtocol.FamilyHeaderLength
        && payload[0] == NetlinkProtocol.FamilyInet
        && AttributeReader.Text(AttributeReader.Find(payload[NetlinkProtocol.FamilyHeaderLength..], TableName)) == table;

    private void Wake()
    {
        var writer = new MessageWriter(stackalloc byte[64]);
        GenerationCodec.WriteGet(ref writer, 1);
        _socket.Send(writer.Written);
    }
}
