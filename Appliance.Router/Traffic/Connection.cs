namespace Appliance.Router.Traffic;

/// <summary>What the kernel tracks of one connection; "out" is the way of its first packet.</summary>
internal readonly record struct Connection
{
    /// <summary>The kernel's number for it, a hash.</summary>
    public required uint Id { get; init; }

    public required ConnectionTuple Original { get; init; }

    /// <summary>As answers come: not simply the other way round where somebody translates.</summary>
    public required ConnectionTuple Reply { get; init; }

    public ushort Zone { get; init; }

    public uint Mark { get; init; }

    public string State { get; init; }

    public TimeSpan IdleLeft { get; init; }

    public long PacketsOut { get; init; }

    public long PacketsIn { get; init; }

    public long BytesOut { get; init; }

    public long BytesIn { get; init; }

    public ConnectionName Name => new(Id, Zone, Original);

    public bool IsTranslated => !Original.IsAnsweredBy(Reply);

    public bool Has(UInt128 address) => Original.Has(address) || Reply.Has(address);
}
