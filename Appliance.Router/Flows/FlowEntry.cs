using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Appliance.Router.Decoding;

namespace Appliance.Router.Flows;

/// <summary>A place of the flow table, 184 bytes. What every packet touches stands first: the key, then what its direction counts.</summary>
/// <remarks>
/// A million of them, with 17 bytes a flow for the index and 16 for lists and timers, are 207 MiB, so that a process stays below 256 MiB.
/// Link addresses and the next time are packed for that: whole they would make it 192 bytes.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct FlowEntry
{
    // The wheel looks no oftener, so a finer time would only take room. 34 years fit.
    private const long Tick = 250_000_000;

    public UInt128 Low;
    public UInt128 High;
    public ushort LowPort;
    public ushort HighPort;
    public byte Protocol;
    public EntryMarks Marks;
    public FlowState State;
    public EndReason EndReason;
    public TcpControl FlagsOut;
    public TcpControl FlagsIn;
    public ApplicationKind Application;
    public byte FirstPayloads;

    /// <summary>Place of the log-in track; negative without one.</summary>
    public int Track;

    public uint FirstSequence;
    public uint AnswerSequence;
    public DirectionCounts Out;
    public DirectionCounts In;
    public ushort LoginFailures;
    public ushort LoginSuccesses;
    public ushort VlanId;
    public byte IcmpCode;
    public EntryNotes Notes;

    /// <summary>Counts up with each flow, so it orders flows by age and never repeats.</summary>
    public long Ordinal;
    private StoredMac _sourceMac;
    private StoredMac _destinationMac;
    private uint _nextTick;

    public MacAddress SourceMac
    {
        readonly get => _sourceMac.ToMacAddress();
        set => _sourceMac = new(value);
    }

    public MacAddress DestinationMac
    {
        readonly get => _destinationMac.ToMacAddress();
        set => _destinationMac = new(value);
    }

    /// <summary>When the flow is told about again, or once it has closed, when it leaves; rounded up to a quarter of a second after its start.</summary>
    public long NextTime
    {
        readonly get => StartTime + (_nextTick * Tick);
        set => _nextTick = (uint)Math.Clamp((value - StartTime + Tick - 1) / Tick, 0, uint.MaxValue);
    }

    public readonly long StartTime => Out.FirstTime;

    /// <summary>Credentials that makers ship have been tried.</summary>
    public bool TriesDefaults
    {
        readonly get => (Notes & EntryNotes.TriesDefaults) != EntryNotes.None;
        set => Notes = value ? Notes | EntryNotes.TriesDefaults : Notes & ~EntryNotes.TriesDefaults;
    }

    /// <summary>What has been said in clear is kept beside the table.</summary>
    public bool HasFirstBytes
    {
        readonly get => (Notes & EntryNotes.HasFirstBytes) != EntryNotes.None;
        set => Notes = value ? Notes | EntryNotes.HasFirstBytes : Notes & ~EntryNotes.HasFirstBytes;
    }

    public readonly long LastTime => Math.Max(Out.LastTime, In.LastTime);

    public readonly long PacketsOut => Out.Packets;

    public readonly long PacketsIn => In.Packets;

    public readonly long BytesOut => Out.Bytes;

    public readonly long BytesIn => In.Bytes;

    public readonly bool IsSourceLow => (Marks & EntryMarks.SourceIsLow) != EntryMarks.None;

    public readonly bool IsMidstream => (Marks & EntryMarks.Midstream) != EntryMarks.None;

    public readonly bool IsClosed => EndReason != EndReason.None;

    public readonly long Packets => PacketsOut + PacketsIn;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool Matches(in FlowTuple tuple) =>
        Low == tuple.Low && High == tuple.High && LowPort == tuple.LowPort && HighPort == tuple.HighPort && Protocol == tuple.Protocol;

    public readonly FlowTuple Tuple => new(Low, High, LowPort, HighPort, Protocol, IsSourceLow);

    /// <summary>Under which the first bytes of a side are put together.</summary>
    public readonly long HeadKey(bool isFromSource) => (Ordinal << 1) | (isFromSource ? 1L : 0L);

    /// <summary>The number of the first byte of a TCP stream, which the SYN before it tells.</summary>
    public readonly bool TryFindBeginning(bool isFromSource, out uint sequence)
    {
        sequence = (isFromSource ? FirstSequence : AnswerSequence) + 1;
        return !IsMidstream && (isFromSource || (Marks & EntryMarks.AnswerKnown) != EntryMarks.None);
    }

    public readonly Flow ToFlow(FirstBytesFacts? firstBytes, string interfaceName) => new()
    {
        Key = ToKey(),
        IsIPv4 = IPAddresses.IsIPv4(Low),
        SourceMac = SourceMac,
        DestinationMac = DestinationMac,
        VlanId = VlanId,
        Interface = interfaceName,
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
        FirstBytes = firstBytes,
        OutSpread = Out.ToSpread(),
        InSpread = In.ToSpread(),
    };

    public readonly FlowKey ToKey()
    {
        var key = IsSourceLow
            ? new FlowKey(Low, High, LowPort, HighPort, Protocol)
            : new FlowKey(High, Low, HighPort, LowPort, Protocol);
        return Protocol is IPProtocol.Icmp or IPProtocol.IcmpV6 ? key with { DestinationPort = IcmpCode } : key;
    }
}
