using Appliance.Router.Capture;
using Appliance.Router.Decoding;
using Appliance.Router.Flows;
using Appliance.Tests.Shared;

namespace Appliance.Router.Tests.Flows;

/// <summary>The same conversations, packets and bytes as Argus counts, and the same ends of TCP; where it sees things otherwise, a rule says how.</summary>
[Trait("Category", "Slow")]
public sealed class ArgusTests
{
    public static TheoryData<string> Captures() => OracleTests.Captures();

    [Theory]
    [MemberData(nameof(Captures))]
    public void Real_captures_are_counted_as_argus_counts_them(string file)
    {
        Assert.SkipWhen(Argus.IsMissing, "argus-server and argus-client are not installed");
        var records = Argus.Read(file);
        var (flows, frames) = Replay(file);

        var told = records.Where(record => !ArgusRules.IsNoIP(record)).ToList();
        var uncounted = told.Where(ArgusRules.IsUncounted).Select(ArgusRules.NameOf).ToHashSet();
        var theirs = Sum(told.Select(record => (ArgusRules.NameOf(record), record.Packets, record.Bytes)));
        var ours = Sum(flows.Select(flow => (ArgusRules.NameOf(flow.Key), flow.PacketsOut + flow.PacketsIn, flow.BytesOut + flow.BytesIn)));
        Print(file, records, ours.Count, uncounted.Count);

        Assert.Equal(ours.Keys.Order(), theirs.Keys.Order());
        // The frames of a conversation, each with its link header and padding, are what Argus counts; their IP packets are what we count.
        Assert.Equal(ours.OrderBy(entry => entry.Key), frames.Select(entry => KeyValuePair.Create(entry.Key, (entry.Value.Packets, entry.Value.IPBytes))).OrderBy(entry => entry.Key));
        Assert.Equal(
            frames.Where(entry => !uncounted.Contains(entry.Key)).Select(entry => $"{entry.Key}: {entry.Value.Packets} {entry.Value.FrameBytes}").Order(),
            theirs.Where(entry => !uncounted.Contains(entry.Key)).Select(entry => $"{entry.Key}: {entry.Value.Packets} {entry.Value.Bytes}").Order());
        AssertSameEnds(flows, told);
    }

    // Only conversations that are one flow to both: neither time-outs nor used ports divide them.
    private static void AssertSameEnds(IReadOnlyList<Flow> flows, IReadOnlyList<ArgusRecord> records)
    {
        var theirs = records.Where(record => record.Protocol == "tcp").ToLookup(ArgusRules.NameOf);
        var single = flows.Where(flow => flow.Key.Protocol == IPProtocol.Tcp)
            .GroupBy(flow => ArgusRules.NameOf(flow.Key))
            .Where(group => group.Count() == 1 && theirs[group.Key].Count() == 1)
            .Select(group => (Flow: group.Single(), Record: theirs[group.Key].Single()))
            .ToList();
        TestContext.Current.TestOutputHelper?.WriteLine($"TCP ends compared: {single.Count}; closed by one side {single.Count(pair => pair.Flow.EndReason is not (EndReason.Finished or EndReason.Reset) && ArgusRules.TcpEndOf(pair.Record) == "FIN")}, reset after FIN {single.Count(pair => pair.Flow.EndReason == EndReason.Finished && ArgusRules.TcpEndOf(pair.Record) == "RST")}, Xmas {single.Count(pair => ArgusRules.IsXmas(pair.Flow))}");

        Assert.DoesNotContain(single, pair => ArgusRules.TcpEndOf(pair.Flow) != ArgusRules.TcpEndOf(pair.Record));
        Assert.DoesNotContain(single, pair => !ArgusRules.Agrees(pair.Flow, ArgusRules.TcpEndOf(pair.Record)));
    }

    private static (IReadOnlyList<Flow> Flows, Dictionary<string, (long Packets, long IPBytes, long FrameBytes)> Frames) Replay(string file)
    {
        var sink = new RecordingSink();
        var path = new PacketPath(new FlowOptions(), sink, sink);
        var fragments = new FragmentTable(new FragmentAssembly(new FlowOptions().FragmentBytes, new FlowOptions().FragmentedDatagrams));
        Dictionary<string, (long Packets, long IPBytes, long FrameBytes)> frames = [];
        using var source = new CaptureFile(file);
        while (source.Read(out var frame) == ReadOutcome.Frame)
        {
            path.Process(frame);
            if (!PacketDecoder.TryDecode(frame, out var packet) || !packet.IsIP)
            {
                continue;
            }

            fragments.Resolve(ref packet);
            var name = ArgusRules.NameOf(new FlowKey(packet.Source, packet.Destination, packet.SourcePort, packet.DestinationPort, packet.Protocol));
            var known = frames.GetValueOrDefault(name);
            frames[name] = (known.Packets + 1, known.IPBytes + packet.IPBytes, known.FrameBytes + frame.OriginalLength);
        }

        path.Finish();
        return (sink.Records, frames);
    }

    private static Dictionary<string, (long Packets, long Bytes)> Sum(IEnumerable<(string Name, long Packets, long Bytes)> flows) => flows
        .GroupBy(flow => flow.Name)
        .ToDictionary(group => group.Key, group => (group.Sum(flow => flow.Packets), group.Sum(flow => flow.Bytes)));

    private static void Print(string file, IReadOnlyList<ArgusRecord> records, int conversations, int uncounted)
    {
        int Conversations(Func<ArgusRecord, bool> rule) => records.Where(rule).Select(ArgusRules.NameOf).Distinct().Count();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Path.GetFileName(file)}: {conversations} conversations; no IP {Conversations(ArgusRules.IsNoIP)}, ICMP between addresses {Conversations(record => ArgusRules.IsIcmp(record.Protocol))}, IGMP by sender {Conversations(record => ArgusRules.IsIgmp(record.Protocol))}, uncounted {uncounted}");
    }
}
