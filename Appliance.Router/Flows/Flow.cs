using Appliance.Router.Decoding;

namespace Appliance.Router.Flows;

/// <summary>What is known of one conversation at one moment; "out" is from source to destination.</summary>
public readonly record struct Flow
{
    public required FlowKey Key { get; init; }

    public bool IsIPv4 { get; init; }

    /// <summary>From the first frame; zero where the link has no addresses.</summary>
    public MacAddress SourceMac { get; init; }

    public MacAddress DestinationMac { get; init; }

    /// <summary>Innermost tag of the first frame, 0 without one.</summary>
    public ushort VlanId { get; init; }

    /// <summary>Where it was captured; empty for a file. A packet that is forwarded is one of a flow of each interface.</summary>
    public string? Interface { get; init; }

    /// <summary>First packet, nanoseconds since 1970 UTC.</summary>
    public long StartTime { get; init; }

    /// <summary>Last packet so far.</summary>
    public long EndTime { get; init; }

    public long PacketsOut { get; init; }

    public long PacketsIn { get; init; }

    /// <summary>IP bytes, headers included, by the original length.</summary>
    public long BytesOut { get; init; }

    public long BytesIn { get; init; }

    /// <summary>OR of all TCP flags seen.</summary>
    public byte TcpFlagsOut { get; init; }

    public byte TcpFlagsIn { get; init; }

    public FlowState State { get; init; }

    public EndReason EndReason { get; init; }

    public ApplicationKind Application { get; init; }

    public int LoginFailures { get; init; }

    public int LoginSuccesses { get; init; }

    /// <summary>A name and a password that makers ship have been tried, successfully or not.</summary>
    public bool TriesDefaultCredentials { get; init; }

    /// <summary>The first packet seen was not an opening one: begun before the capture, or backscatter.</summary>
    public bool IsMidstream { get; init; }

    /// <summary>The source has shown that it gets the answers: a TCP ACK or RST after the SYN-ACK.</summary>
    public bool IsSourceConfirmed { get; init; }

    /// <summary>What the sides have said in clear; null while nothing, where facts are not read, and once it had to give way.</summary>
    public FirstBytesFacts? FirstBytes { get; init; }

    /// <summary>IP packet sizes in bytes, headers included, by the original length.</summary>
    public Moments OutSizes => Moments.OfSizes(PacketsOut, BytesOut, OutSpread);

    public Moments InSizes => Moments.OfSizes(PacketsIn, BytesIn, InSpread);

    /// <summary>Gaps between packets of the same direction, in seconds.</summary>
    public Moments OutGaps => Moments.OfGaps(PacketsOut, OutSpread);

    public Moments InGaps => Moments.OfGaps(PacketsIn, InSpread);

    internal FlowSpread OutSpread { get; init; }

    internal FlowSpread InSpread { get; init; }

    public bool HasEnded => EndReason != EndReason.None;
}
