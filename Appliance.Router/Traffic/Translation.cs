using Appliance.Router.Flows;

namespace Appliance.Router.Traffic;

/// <summary>One translated connection as both sides of the translation see it, the way of its first packet.</summary>
internal sealed class Translation
{
    private readonly FlowKey _before;
    private readonly FlowKey _after;
    private readonly bool _isIcmp;

    /// <summary>A connection as the kernel tells of it; one that was there before anybody looked began at the beginning of time.</summary>
    public Translation(in Connection connection, DateTimeOffset began)
    {
        var (original, reply) = (connection.Original.Ends, connection.Reply.Ends);
        Id = connection.Id;
        Began = began;
        Place = new LinkedListNode<Translation>(this);
        _isIcmp = connection.Original.IsIcmp;
        _before = original;
        _after = Turn(reply);
        Before = ConnectionEnds.Of(_before);
        After = ConnectionEnds.Of(_after);
    }

    /// <summary>The kernel's number for the connection.</summary>
    public uint Id { get; }

    public ConnectionEnds Before { get; }

    public ConnectionEnds After { get; }

    public DateTimeOffset Began { get; }

    public DateTimeOffset? Ended { get; set; }

    /// <summary>The last reading of the kernel's whole table that it was seen in.</summary>
    public long Round { get; set; }

    /// <summary>Where it stands in line.</summary>
    public LinkedListNode<Translation> Place { get; }

    /// <summary>A flow of one side as the other side sees it, the same way round; type and code of ICMP are nobody's to translate.</summary>
    public FlowKey OtherSideOf(in FlowKey flow)
    {
        var (mine, other) = ConnectionEnds.Of(flow) == Before ? (_before, _after) : (_after, _before);
        var isSameWay = mine.Source == flow.Source && (mine.Source != mine.Destination || mine.SourcePort == flow.SourcePort);
        var turned = isSameWay ? other : Turn(other);
        return _isIcmp ? turned with { SourcePort = flow.SourcePort, DestinationPort = flow.DestinationPort } : turned;
    }

    private static FlowKey Turn(in FlowKey key) => new(key.Destination, key.Source, key.DestinationPort, key.SourcePort, key.Protocol);
}
