namespace Appliance.Router.Nftables;

/// <summary>Changes and reads the elements of kernel sets; each call is one transaction per 1000 elements.</summary>
internal sealed class KernelSets(NetlinkExchange kernel, bool canDestroy = true) : IDisposable
{
    // 1000 IPv6 elements with limits, deleted and added, are 140 KB: below the default send buffer of 208 KB.
    private const int MaxElementsPerBatch = 1000;

    // Two callers may find out at once that the kernel is too old; both then go the other way.
    private volatile bool _canDestroy = canDestroy;

    /// <summary>Adds elements; those already there get the new timeout and limit.</summary>
    public void Put(IReadOnlyList<SetChange> changes)
    {
        foreach (var group in InBatches(changes))
        {
            PutBatch(group);
        }
    }

    /// <summary>Takes elements out; those already gone are fine.</summary>
    public void Remove(IReadOnlyList<SetChange> changes)
    {
        foreach (var group in InBatches(changes))
        {
            RemoveBatch(group);
        }
    }

    /// <summary>All elements of a set as the kernel holds them.</summary>
    public IReadOnlyList<HeldElement> List(SetName set)
    {
        var elements = new List<HeldElement>();
        kernel.Dump(
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
        kernel.Dump(
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

    public void Dispose() => kernel.Dispose();

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
            var refusal = kernel.Run("Adding elements", changes, (batch, change) =>
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
        var refusal = kernel.Run("Adding an element", [single], (batch, change) =>
            batch.Add(NetlinkProtocol.NewElement, NetlinkProtocol.Create | NetlinkProtocol.Exclusive, change.Set, change.Elements));
        if (refusal?.Reason.Fault == KernelFault.ElementExists)
        {
            // A plain repeat would keep the old timeout on these kernels.
            refusal = kernel.Run("Extending an element", [single], (batch, change) =>
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
            var refusal = kernel.Run("Removing elements", changes, (batch, change) =>
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
            var refusal = kernel.Run("Removing an element", [single], (batch, change) =>
                batch.Add(NetlinkProtocol.DeleteElement, 0, change.Set, change.Elements));
            if (refusal?.Reason.Fault != KernelFault.ElementMissing)
            {
                Demand(refusal);
            }
        }
    }

    private static bool IsDestroyUnknown(BatchRefusal? refusal) =>
        refusal is { Type: NetlinkProtocol.DestroyElement, Reason.Fault: KernelFault.Malformed or KernelFault.NotSupported };

    private static void Demand(BatchRefusal? refusal)
    {
        if (refusal is not null)
        {
            throw refusal.Reason;
        }
    }

    private static IEnumerable<SetChange> Singles(IReadOnlyList<SetChange> changes) =>
        changes.SelectMany(change => change.Elements.Select(element => change with { Elements = [element] }));
}
