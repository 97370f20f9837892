using System.Globalization;

namespace Appliance.Router.Nftables;

/// <summary>Changes and reads the elements of kernel sets; each call is one transaction per 1000 elements.</summary>
internal sealed class KernelSets(NetlinkSocket socket, bool canDestroy = true) : IDisposable
{
    // 1000 IPv6 elements with limits, deleted and added, are 140 KB: below the default send buffer of 208 KB.
    private const int MaxElementsPerBatch = 1000;
    private const int MaxDumpTries = 10;

    private readonly Lock _turn = new();
    private readonly byte[] _received = new byte[NetlinkSocket.ReceiveBytes];
    private bool _canDestroy = canDestroy;
    private uint _sequence = 1;

    /// <summary>Adds elements; those already there get the new timeout and limit.</summary>
    public void Put(IReadOnlyList<SetChange> changes)
    {
        lock (_turn)
        {
            foreach (var group in InBatches(changes))
            {
                PutBatch(group);
            }
        }
    }

    /// <summary>Takes elements out; those already gone are fine.</summary>
    public void Remove(IReadOnlyList<SetChange> changes)
    {
        lock (_turn)
        {
            foreach (var group in InBatches(changes))
            {
                RemoveBatch(group);
            }
        }
    }

    /// <summary>All elements of a set as the kernel holds them.</summary>
    public IReadOnlyList<HeldElement> List(SetName set)
    {
        var elements = new List<HeldElement>();
        Dump(
            $"Listing set {set.Name}",
            (ref writer, sequence) => ElementCodec.WriteDump(ref writer, sequence, set),
            payload => ElementCodec.TryRead(payload, set.Kind, elements),
            elements.Clear);
        return elements;
    }

    /// <summary>The named counters of a table.</summary>
    public IReadOnlyList<CounterReading> ReadCounters(string table)
    {
        var counters = new List<CounterReading>();
        Dump(
            $"Reading the counters of table {table}",
            (ref writer, sequence) => CounterCodec.WriteDump(ref writer, sequence, table),
            payload =>
            {
                if (CounterCodec.TryRead(payload, out var reading))
                {
                    counters.Add(reading);
                }
            },
            counters.Clear);
        return counters;
    }

    public void Dispose() => socket.Dispose();

    private static IEnumerable<IReadOnlyList<SetChange>> InBatches(IReadOnlyList<SetChange> changes)
    {
        if (changes.Sum(change => change.Elements.Length) <= MaxElementsPerBatch)
        {
            yield return changes;
            yield break;
        }

        foreach (var change in changes)
        {
            foreach (var chunk in change.Elements.Chunk(MaxElementsPerBatch))
            {
                yield return [change with { Elements = chunk }];
            }
        }
    }

    private void PutBatch(IReadOnlyList<SetChange> changes)
    {
        if (_canDestroy)
        {
            var refusal = Run("Adding elements", changes, (batch, change) =>
            {
                batch.Add(NetlinkProtocol.DestroyElement, 0, change.Set, change.Elements);
                batch.Add(NetlinkProtocol.NewElement, NetlinkProtocol.Create, change.Set, change.Elements);
            });
            if (!IsDestroyUnknown(refusal))
            {
                Demand(refusal);
                return;
            }

            _canDestroy = false;
        }

        foreach (var single in Singles(changes))
        {
            PutSingle(single);
        }
    }

    /// <summary>Kernels before 6.3: add exclusively, and on "exists" delete and add in one transaction.</summary>
    private void PutSingle(SetChange single)
    {
        var refusal = Run("Adding an element", [single], (batch, change) =>
            batch.Add(NetlinkProtocol.NewElement, NetlinkProtocol.Create | NetlinkProtocol.Exclusive, change.Set, change.Elements));
        if (refusal?.Reason.Fault == KernelFault.ElementExists)
        {
            // A plain repeat would keep the old timeout on these kernels.
            refusal = Run("Extending an element", [single], (batch, change) =>
            {
                batch.Add(NetlinkProtocol.DeleteElement, 0, change.Set, change.Elements);
                batch.Add(NetlinkProtocol.NewElement, NetlinkProtocol.Create, change.Set, change.Elements);
            });
        }

        Demand(refusal);
    }

    private void RemoveBatch(IReadOnlyList<SetChange> changes)
    {
        if (_canDestroy)
        {
            var refusal = Run("Removing elements", changes, (batch, change) =>
                batch.Add(NetlinkProtocol.DestroyElement, 0, change.Set, change.Elements));
            if (!IsDestroyUnknown(refusal))
            {
                Demand(refusal);
                return;
            }

            _canDestroy = false;
        }

        foreach (var single in Singles(changes))
        {
            var refusal = Run("Removing an element", [single], (batch, change) =>
                batch.Add(NetlinkProtocol.DeleteElement, 0, change.Set, change.Elements));
            if (refusal?.Reason.Fault != KernelFault.ElementMissing)
            {
                Demand(refusal);
            }
        }
    }

    private static bool IsDestroyUnknown(Refusal? refusal) =>
        refusal is { Type: NetlinkProtocol.DestroyElement, Reason.Fault: KernelFault.Malformed or KernelFault.NotSupported };

    private static void Demand(Refusal? refusal)
    {
        if (refusal is not null)
        {
            throw refusal.Reason;
        }
    }

    private static IEnumerable<SetChange> Singles(IReadOnlyList<SetChange> changes) =>
        changes.SelectMany(change => change.Elements.Select(element => change with { Elements = [element] }));

    private Refusal? Run(string what, IReadOnlyList<SetChange> changes, Action<NetlinkBatch, SetChange> fill)
    {
        var elements = changes.Sum(change => change.Elements.Length);
        var batch = new NetlinkBatch(_sequence, 2 * elements, 2 * changes.Count * ((elements / ElementCodec.MaxElementsPerMessage) + 1));
        foreach (var change in changes)
        {
            fill(batch, change);
        }

        batch.End();
        _sequence = batch.LastSequence + 1;
        socket.Send(batch.Written);
        return AwaitAnswers(what, batch);
    }

    private Refusal? AwaitAnswers(string what, NetlinkBatch batch)
    {
        Refusal? refusal = null;
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

    private static Refusal? RefusalOf(string what, NetlinkBatch.Part part, Acknowledgement answer) => answer.Error == 0
        ? null
        : new Refusal(part.Type, new KernelRefusedException(KernelFaultName.Of(answer, part.ElementsOffset), answer, $"{what} (set {part.Set.Name})"));

    private void Dump(string what, WriteRequest write, Action<ReadOnlySpan<byte>> read, Action restart)
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

    private delegate void WriteRequest(ref MessageWriter writer, uint sequence);

    private sealed record Refusal(ushort Type, KernelRefusedException Reason);
}
