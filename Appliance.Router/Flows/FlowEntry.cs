using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Appliance.Router.Decoding;

namespace Appliance.Router.Flows;

/// <summary>A place of the flow table. What every packet touches stands first, within two cache lines.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FlowEntry
{
    public UInt128 Low;
    public UInt128 High;
    public ushort LowPort;
    public ushort HighPort;
    public byte Protocol;
    public EntryMarks Marks;
    public FlowState State;
    public EndReason EndReason;
    public long LastTime;
    public long PacketsOut;
    public long PacketsIn;
    public long BytesOut;
    public long BytesIn;
    public TcpControl FlagsOut;
    public TcpControl FlagsIn;
    public ApplicationKind Application;
    public byte FirstPayloads;

    /// <summary>Place of the log-in track; negative without one.</summary>
    public int Track;

    public uint FirstSequence;
    public uint AnswerSequence;
    public ushort LoginFailures;
    public ushort LoginSuccesses;
    public ushort VlanId;
    public byte IcmpCode;

    /// <summary>Credentials that makers ship have been tried.</summary>
    public bool TriesDefaults;
    public long StartTime;

    /// <summary>Counts up with each flow, so it orders flows by age and never repeats.</summary>
    public long Ordinal;
    public MacAddress SourceMac;
    public MacAddress DestinationMac;

    /// <summary>When the flow is told about again, or once it has closed, when it leaves.</summary>
    public long NextTime;

    public readonly bool IsSourceLow => (Marks & EntryMarks.SourceIsLow) != EntryMarks.None;

    public readonly bool IsMidstream => (Marks & EntryMarks.Midstream) != EntryMarks.None;

    public readonly bool IsClosed => EndReason != EndReason.None;

    public readonly long Packets => PacketsOut + PacketsIn;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool Matches(in FlowTuple tuple) =>
        Low == tuple.Low && High == tuple.High && LowPort == tuple.LowPort && HighPort == tuple.HighPort && Protocol == tuple.Protocol;

    public readonly FlowTuple Tuple => new(Low, High, LowPort, HighPort, Protocol, IsSourceLow);

    public readonly Flow ToFlow() => new()
    {
        Key = ToKey(),
        IsIPv4 = IPAddresses.IsIPv4(Low),
        SourceMac = SourceMac,
        DestinationMac = DestinationMac,
        VlanId = VlanId,
        StartTime = StartTime,
        EndTime = LastTime,
        PacketsOut = PacketsOut,
        PacketsIn = PacketsIn,
        BytesOut = BytesOut,
        BytesIn = BytesIn,
        TcpFlagsOut = (byte)FlagsOut,
        TcpFlagsIn = (byte)FlagsIn,
        State = State,
        EndReason = EndReason,
        Application = Application,
        LoginFailures = LoginFailures,
        LoginSuccesses = LoginSuccesses,
        TriesDefaultCredentials = TriesDefaults,
        IsMidstream = IsMidstream,
        IsSourceConfirmed = (Marks & EntryMarks.SourceConfirmed) != EntryMarks.None,
    };

    private readonly FlowKey ToKey()
    {
        var key = IsSourceLow
            ? new FlowKey(Low, High, LowPort, HighPort, Protocol)
            : new FlowKey(High, Low, HighPort, LowPort, Protocol);
        return Protocol is IPProtocol.Icmp or IPProtocol.IcmpV6 ? key with { DestinationPort = IcmpCode } : key;
    }
}
