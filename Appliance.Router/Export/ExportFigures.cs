using System.Buffers.Binary;

namespace Appliance.Router.Export;

/// <summary>What has been sent to one collector and what has not; it is told as an options record too (RFC 7011, 4).</summary>
internal sealed class ExportFigures
{
    /// <summary>Number of the options template.</summary>
    public const ushort TemplateId = 260;

    public const int MaxBytes = 64;

    // observationDomainId, the scope; exportedMessageTotalCount, exportedFlowRecordTotalCount, exportedOctetTotalCount, notSentFlowTotalCount.
    private static readonly (ushort Element, ushort Length)[] Fields = [(149, 4), (41, 8), (42, 8), (40, 8), (166, 8)];

    private long _messages;
    private long _flows;
    private long _bytes;
    private long _unsent;
    private long _refused;

    public long MessagesCount => Interlocked.Read(ref _messages);

    public long FlowsCount => Interlocked.Read(ref _flows);

    public long BytesCount => Interlocked.Read(ref _bytes);

    /// <summary>Flow records that the collector is not sent any more: there was no room, or they were lost with a connection.</summary>
    public long UnsentCount => Interlocked.Read(ref _unsent);

    /// <summary>Datagrams that came back as ICMP errors.</summary>
    public long RefusedCount => Interlocked.Read(ref _refused);

    public void Sent(int bytes, int flows)
    {
        Interlocked.Increment(ref _messages);
        Interlocked.Add(ref _bytes, bytes);
        Interlocked.Add(ref _flows, flows);
    }

    public void Unsent(int flows) => Interlocked.Add(ref _unsent, flows);

    public void Refused() => Interlocked.Increment(ref _refused);

    /// <summary>Writes the options template record (RFC 7011, 3.4.2.2) and says how long it is.</summary>
    public static int Describe(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, TemplateId);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)Fields.Length);
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], 1);
        var length = 6;
        foreach (var (element, size) in Fields)
        {
            BinaryPrimitives.WriteUInt16BigEndian(destination[length..], element);
            BinaryPrimitives.WriteUInt16BigEndian(destination[(length + 2)..], size);
            length += 4;
        }

        return length;
    }

    /// <summary>Writes the options record and says how long it is.</summary>
    public int Write(uint domain, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, domain);
        var length = sizeof(uint);
        foreach (var value in (ReadOnlySpan<long>)[MessagesCount, FlowsCount, BytesCount, UnsentCount])
        {
            BinaryPrimitives.WriteInt64BigEndian(destination[length..], value);
            length += sizeof(long);
        }

        return length;
    }
}
