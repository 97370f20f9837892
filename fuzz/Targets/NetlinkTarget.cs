using Appliance.Router.Nftables;
using Appliance.Router.Rules;
using Appliance.Router.Tests.Nftables;

namespace Appliance.Fuzzing.Targets;

/// <summary>What the kernel's firewall answers: messages, acknowledgements, set elements, counters, tracked connections.</summary>
internal sealed class NetlinkTarget : IFuzzTarget
{
    private static readonly SetName Set = new("appliance", "blocked4", TargetKind.Address4);

    public string Name => "netlink";

    public void Run(ReadOnlySpan<byte> input)
    {
        var elements = new List<HeldElement>();
        var messages = new MessageReader(input);
        while (messages.TryRead(out var header, out var payload))
        {
            _ = Acknowledgement.TryRead(header, payload, out _);
            _ = CounterCodec.TryRead(payload, out _);
            _ = ConntrackEntry.TryRead(payload, out _);
            _ = LinkCodec.TryReadNeighbor(payload, out _, out _, out _);
            _ = LinkCodec.TryReadRoute(payload, out _);
            _ = GenerationCodec.TryRead(payload, out _);
            _ = SetCodec.TryReadSet(payload, out _);
            _ = SetCodec.ReadTableHandle(payload);
            _ = SetCodec.Add(default, payload);
            _ = LogCodec.TryReadNumber(payload, out _);
            _ = LogCodec.TryRead(payload, out _);
            foreach (var kind in Enum.GetValues<TargetKind>())
            {
                _ = ElementCodec.TryRead(payload, kind, elements);
            }
        }
    }

    /// <summary>Messages as the Router itself writes them, which the kernel's answers have the form of, and connections as a kernel told them.</summary>
    public IEnumerable<byte[]> Seeds()
    {
        SetElement[] elements =
        [
            new(new BlockTarget(TargetKind.Address4, 0x0A00_0001), TimeSpan.FromMinutes(1), 0),
            new(new BlockTarget(TargetKind.Address4, 0x0A00_0002), TimeSpan.Zero, 100),
        ];
        yield return Written((ref MessageWriter writer) => ElementCodec.Write(ref writer, NetlinkProtocol.NewElement, 0, 1, Set, elements));
        yield return Written((ref MessageWriter writer) => ElementCodec.WriteDump(ref writer, 2, Set));
        yield return Written((ref MessageWriter writer) => CounterCodec.WriteDump(ref writer, 3, Set.Table));

        foreach (var connection in ConntrackSamples.All)
        {
            yield return Convert.FromHexString(connection);
        }

        foreach (var logged in LogSamples.All)
        {
            yield return Convert.FromHexString(logged);
        }

        // NLMSG_ERROR with extended acknowledgement: -2, the request's header, then a text and an offset.
        yield return Convert.FromHexString("4c000000020000030100000000000000feffffff20000000000a0500010000000000000014000100" + "4e6f20737563682066696c650000000008000200140000000c0003000000000000000000");
    }

    private static byte[] Written(Write write)
    {
        var writer = new MessageWriter(new byte[1024]);
        write(ref writer);
        return writer.Written.ToArray();
    }

    private delegate void Write(ref MessageWriter writer);
}
