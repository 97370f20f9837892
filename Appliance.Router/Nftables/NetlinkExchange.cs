using System.Globalization;

namespace Appliance.Router.Nftables;

/// <summary>Asks the kernel over one socket and waits for its answers, one question at a time.</summary>
internal sealed class NetlinkExchange(NetlinkSocket socket) : IDisposable
{
    private const int MaxDumpTries = 10;

    private readonly Lock _turn = new();
    private readonly byte[] _received = new byte[NetlinkSocket.ReceiveBytes];
    private uint _sequence = 1;

    public delegate void WriteRequest(ref MessageWriter writer, uint sequence);

    /// <summary>Runs one transaction; when a message was refused nothing of it is in force, and the first refusal comes back.</summary>
    public BatchRefusal? Run(string what, IReadOnlyList<SetChange> changes, Action<NetlinkBatch, SetChange> fill)
    {
        lock (_turn)
        {
            var batch = Fill(changes, fill);
            socket.Send(batch.Written);
            return AwaitAnswers(what, batch);
        }
    }

    /// <summary>Reads a whole list; it starts over when the list changed meanwhile.</summary>
    public void Dump(string what, WriteRequest write, Action<ReadOnlySpan<byte>> read, Action restart)
    {
        lock (_turn)
        {
            for (var tries = 0; tries < MaxDumpTries; tries++)
            {
                restart();
                if (ReadDump(what, SendRequest(write), read))
                {
                    return;
                }
            }
        }

        throw new IOException(string.Create(CultureInfo.InvariantCulture, $"{what} was interrupted by changes {MaxDumpTries} times."));
    }

    /// <summary>Asks for one thing to be done, and gives the kernel's answer.</summary>
    public Acknowledgement Ask(WriteRequest write) => Ask(write, _ => { });

    /// <summary>Asks for one thing that is told or refused; what is told comes before the kernel's answer.</summary>
    public Acknowledgement Ask(WriteRequest write, Action<ReadOnlySpan<byte>> read)
    {
        lock (_turn)
        {
            var sequence = SendRequest(write);
            while (true)
            {
                var reader = new MessageReader(socket.Receive(_received));
                while (reader.TryRead(out var header, out var payload))
                {
                    if (header.Sequence != sequence)
                    {
                        continue;
                    }

                    if (Acknowledgement.TryRead(header, payload, out var answer))
                    {
                        return answer;
                    }

                    read(payload);
                }
            }
        }
    }

    public void Dispose() => socket.Dispose();

    private NetlinkBatch Fill(IReadOnlyList<SetChange> changes, Action<NetlinkBatch, SetChange> fill)
    {
        var elements = changes.Sum(change => change.Elements.Length);
        var batch = new NetlinkBatch(_sequence, 2 * elements, 2 * changes.Count * ((elements / ElementCodec.MaxElementsPerMessage) + 1));
        foreach (var change in changes)
        {
            fill(batch, change);
        }

        batch.End();
        _sequence = batch.LastSequence + 1;
        return batch;
    }

    private BatchRefusal? AwaitAnswers(string what, NetlinkBatch batch)
    {
        BatchRefusal? refusal = null;
        // The kernel goes on after a refused message, so each one is answered.
        for (var waiting = batch.Parts.Count; waiting > 0;)
        {
            var reader = new MessageReader(socket.Receive(_received));
            while (reader.TryRead(out var header, out var payload))
            {
                if (!Acknowledgement.TryRead(header, payload, out var answer) || !batch.TryFind(header.Sequence, out var part))
                {
                    continue;
                }

                if (part is null)
                {
                    // Answers to begin or end speak for the whole batch, and may be the only ones.
                    throw new KernelRefusedException(KernelFaultName.Of(answer, int.MaxValue), answer, what);
                }

                waiting--;
                refusal ??= RefusalOf(what, part.Value, answer);
            }
        }

        return refusal;
    }

    private static BatchRefusal? RefusalOf(string what, NetlinkBatch.Part part, Acknowledgement answer) => answer.Error == 0
        ? null
        : new BatchRefusal(part.Type, new KernelRefusedException(KernelFaultName.Of(answer, part.ElementsOffset), answer, $"{what} (set {part.Set.Name})"));

    private uint SendRequest(WriteRequest write)
    {
        var sequence = _sequence++;
        var writer = new MessageWriter(stackalloc byte[256]);
        write(ref writer, sequence);
        socket.Send(writer.Written);
        return sequence;
    }

    /// <summary>False when the set changed meanwhile, so that the list may miss elements.</summary>
    private bool ReadDump(string what, uint sequence, Action<ReadOnlySpan<byte>> read)
    {
        var isWhole = true;
        while (true)
        {
            var reader = new MessageReader(socket.Receive(_received));
            while (reader.TryRead(out var header, out var payload))
            {
                if (header.Sequence != sequence)
                {
                    continue;
                }

                isWhole &= (header.Flags & NetlinkProtocol.DumpInterrupted) == 0;
                if (header.Type == NetlinkProtocol.Done)
                {
                    return isWhole;
                }

                if (Acknowledgement.TryRead(header, payload, out var answer))
                {
                    throw new KernelRefusedException(KernelFaultName.Of(answer, int.MaxValue), answer, what);
                }

                read(payload);
            }
        }
    }
}
