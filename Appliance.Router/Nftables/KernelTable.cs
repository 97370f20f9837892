namespace Appliance.Router.Nftables;

/// <summary>Asks the kernel about a table: its number, the ruleset's generation, and what its sets hold.</summary>
internal sealed class KernelTable(NetlinkExchange kernel)
{
    /// <summary>Grows with every transaction of anybody in this network namespace.</summary>
    public uint ReadGeneration()
    {
        var number = 0u;
        var answer = kernel.Ask(GenerationCodec.WriteGet, payload => number = GenerationCodec.TryRead(payload, out var read) ? read.Number : number);
        Demand(answer, "Reading the ruleset's generation");
        return number;
    }

    /// <summary>The kernel's number for a table, another one each time that it is made; null when it is not there.</summary>
    public ulong? ReadHandle(string table)
    {
        var handle = 0ul;
        var answer = kernel.Ask(
            (ref writer, sequence) => SetCodec.WriteGetTable(ref writer, sequence, table),
            payload => handle = SetCodec.ReadTableHandle(payload));
        if (answer.Error == -Libc.NoEntry)
        {
            return null;
        }

        Demand(answer, $"Looking for table {table}");
        return handle;
    }

    public IReadOnlyList<ListedSet> ListSets(string table)
    {
        var sets = new List<ListedSet>();
        kernel.Dump(
            $"Listing the sets of table {table}",
            (ref writer, sequence) => SetCodec.WriteDumpSets(ref writer, sequence, table),
            payload =>
            {
                if (SetCodec.TryReadSet(payload, out var set))
                {
                    sets.Add(set);
                }
            },
            sets.Clear);
        return sets;
    }

    public SetFingerprint ReadFingerprint(string table, string set)
    {
        var print = new SetFingerprint(set, 0, 0);
        kernel.Dump(
            $"Reading set {set}",
            (ref writer, sequence) => SetCodec.WriteDumpElements(ref writer, sequence, table, set),
            payload => print = SetCodec.Add(print, payload),
            () => print = new SetFingerprint(set, 0, 0));
        return print;
    }

    private static void Demand(Acknowledgement answer, string what)
    {
        if (answer.Error != 0)
        {
            throw new KernelRefusedException(KernelFaultName.Of(answer, int.MaxValue), answer, what);
        }
    }
}
