using System.ComponentModel;
using System.Threading.Channels;
using Appliance.Router.Rules;

namespace Appliance.Router.Nftables;

/// <summary>Ends the tracked connections of addresses that were blocked, behind the caller's back.</summary>
/// <remarks>
/// The rules stop a blocked address without it; this frees the entries and whatever is offloaded by them. It walks the
/// whole connection table, 1.2 ms for each direction where an element takes 0.02 ms, so nobody waits for it.
/// </remarks>
internal sealed class ConnectionCutter : IDisposable
{
    // An address that finds no room keeps its entries until they time out.
    private const int MaxWaiting = 1024;

    // No packet has it as its source, so asking for it changes nothing.
    private static readonly BlockTarget Nobody = new(TargetKind.Address4, 0xFFFFFFFF);

    private readonly Channel<BlockTarget> _waiting = Channel.CreateBounded<BlockTarget>(
        new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly NetlinkSocket _socket;
    private readonly byte[] _received = new byte[4096];
    private readonly Task _work;
    private uint _sequence = 1;

    public ConnectionCutter(NetlinkSocket socket)
    {
        _socket = socket;
        IsAble = Ask(Nobody, isReply: false) == 0;
        _work = IsAble ? CutAllAsync() : Task.CompletedTask;
    }

    /// <summary>False on kernels before 6.8.</summary>
    public bool IsAble { get; }

    /// <summary>What is not done, as a sentence to append, or nothing.</summary>
    public string Shortcoming => IsAble ? "" : " Entries of blocked addresses stay in the connection table until they time out (kernel before 6.8).";

    public void Cut(IEnumerable<BlockTarget> targets)
    {
        foreach (var target in targets.Where(target => IsAble && target.Kind != TargetKind.Mac))
        {
            _waiting.Writer.TryWrite(target);
        }
    }

    public void Dispose()
    {
        _waiting.Writer.TryComplete();
        // At most 1024 walks of some milliseconds; the socket must outlive the last one.
        _work.GetAwaiter().GetResult();
        _socket.Dispose();
    }

    private async Task CutAllAsync()
    {
        await foreach (var target in _waiting.Reader.ReadAllAsync())
        {
            try
            {
                _ = Ask(target, isReply: false);
                _ = Ask(target, isReply: true);
            }
            catch (Win32Exception)
            {
                // The entries time out; the address is blocked all the same.
            }
        }
    }

    private int Ask(BlockTarget target, bool isReply)
    {
        var sequence = _sequence++;
        var writer = new MessageWriter(stackalloc byte[128]);
        ConntrackCodec.WriteDelete(ref writer, sequence, target, isReply);
        _socket.Send(writer.Written);
        while (true)
        {
            var reader = new MessageReader(_socket.Receive(_received));
            while (reader.TryRead(out var header, out var payload))
            {
                if (header.Sequence == sequence && Acknowledgement.TryRead(header, payload, out var answer))
                {
                    return answer.Error;
                }
            }
        }
    }
}
