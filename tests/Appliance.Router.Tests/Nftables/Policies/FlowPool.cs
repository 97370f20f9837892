using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>Connections that stand in the lab from before a policy came into force: each pair of networks, each kind, each family.</summary>
internal sealed class FlowPool
{
    // Below the ports of new packets, so that none is taken for one of these.
    private const int FirstPort = 5000;

    private readonly List<Flow> _through = [];
    private readonly List<Flow> _own = [];

    private FlowPool()
    {
    }

    /// <summary>Begins every connection while nothing is decided, and answers it.</summary>
    public static async Task<FlowPool> OpenAsync(PolicyLab lab, Random random)
    {
        var pool = new FlowPool();
        foreach (var (key, seconds) in new[] { ("udp_timeout", 3600), ("icmp_timeout", 3600), ("icmpv6_timeout", 3600), ("tcp_timeout_close", 3600), ("tcp_be_liberal", 1) })
        {
            lab.Router.Set($"net/netfilter/nf_conntrack_{key}", $"{seconds}");
        }

        await lab.ApplyAsync(FirewallPolicy.Open);
        var port = FirstPort;
        foreach (var isIPv6 in new[] { false, true })
        {
            foreach (var from in lab.Stations)
            {
                pool._own.Add(new Flow(PolicyLab.Gateway, from.Cable, Packet.Udp(from.Gateway(isIPv6), from.Silent(isIPv6, random.Next(8)), RandomPackets.Port(random), ++port)));
                foreach (var to in lab.Stations.Where(to => to != from))
                {
                    var (source, destination) = (from.Silent(isIPv6, random.Next(8)), to.Silent(isIPv6, random.Next(8)));
                    pool._through.Add(new Flow(from.Cable, to.Cable, Packet.Tcp(source, destination, RandomPackets.Port(random), ++port)));
                    pool._through.Add(new Flow(from.Cable, to.Cable, Packet.Udp(source, destination, RandomPackets.Port(random), ++port)));
                    pool._through.Add(new Flow(from.Cable, to.Cable, Packet.Echo(source, destination, ++port)));
                }
            }
        }

        foreach (var flow in pool._through.Concat(pool._own))
        {
            var outcomes = lab.Send([(flow.From, flow.First), (flow.To, flow.First.Answer()), (flow.From, flow.First with { Flags = flow.Again })]);
            Assert.All(outcomes, outcome => Assert.Equal(Fate.Passed, outcome.Fate));
        }

        return pool;
    }

    /// <summary>A further packet of a connection through the gateway, either way.</summary>
    public Passage Established(Random random)
    {
        var flow = _through[random.Next(_through.Count)];
        return random.Next(2) == 0
            ? new Passage(flow.From, flow.First with { Flags = flow.Again }, ConnectionState.Established)
            : new Passage(flow.To, flow.First.Answer() with { Flags = flow.Again }, ConnectionState.Established, IsReply: true);
    }

    /// <summary>A further packet of a connection that the gateway began, by either.</summary>
    public Passage EstablishedOwn(Random random)
    {
        var flow = _own[random.Next(_own.Count)];
        return random.Next(2) == 0
            ? new Passage(flow.From, flow.First, ConnectionState.Established)
            : new Passage(flow.To, flow.First.Answer(), ConnectionState.Established, IsReply: true);
    }

    /// <summary>An ICMP error about a connection, from one of its ends.</summary>
    public Passage Related(Random random)
    {
        var all = random.Next(4) == 0 ? _own : _through;
        var flow = all[random.Next(all.Count)];
        return flow.From == PolicyLab.Gateway || random.Next(2) == 0
            ? new Passage(flow.To, Packet.Error(flow.First.Destination, flow.First), ConnectionState.Related, IsReply: true)
            : new Passage(flow.From, Packet.Error(flow.First.Source, flow.First.Answer() with { Flags = flow.Again }), ConnectionState.Related);
    }

    /// <summary>A connection by its first packet.</summary>
    private sealed record Flow(string From, string To, Packet First)
    {
        public byte Again => First.Protocol == Packet.TcpProtocol ? (byte)(Packet.Ack | Packet.Push) : (byte)0;
    }
}
