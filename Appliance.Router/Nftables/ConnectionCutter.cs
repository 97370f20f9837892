using Appliance.Router.Rules;

namespace Appliance.Router.Nftables;

/// <summary>Ends the tracked connections of addresses that were blocked.</summary>
/// <remarks>The rules stop a blocked address without it; this frees the entries and whatever is offloaded by them.</remarks>
internal sealed class ConnectionCutter : IDisposable
{
    // No packet has it as its source, so asking for it changes nothing.
    private static readonly BlockTarget Nobody = new(TargetKind.Address4, 0xFFFFFFFF);

    private readonly Lock _turn = new();
    private readonly NetlinkSocket _socket;
    private readonly byte[] _received = new byte[4096];
    private uint _sequence = 1;

    public ConnectionCutter(NetlinkSocket socket)
    {
        _socket = socket;
        IsAble = Ask(Nobody, isReply: false) == 0;
    }

    /// <summary>False on kernels before 6.8.</summary>
    public bool IsAble { get; }

    /// <summary>What is not done, as a sentence to append, or nothing.</summary>
    public string Shortcoming => IsAble ? "" : " Entries of blocked addresses stay in the connection table until they time out (kernel before 6.8).";

    public void Cut(IReadOnlyList<BlockTarget> targets)
    {
        if (!IsAble)
        {
            return;
        }

        lock (_turn)
        {
            foreach (var target in targets.Where(target => target.Kind != TargetKind.Mac))
            {
                _ = Ask(target, isReply: false);
                _ = Ask(target, isReply: true);
            }
        }
    }

    public void Dispose() => _socket.Dispose();

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
