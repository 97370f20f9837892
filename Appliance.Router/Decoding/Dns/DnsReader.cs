using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Decoding.Dns;

/// <summary>Reads DNS messages (RFC 1035, 4), unicast, multicast (RFC 6762) and link-local (RFC 4795).</summary>
internal static class DnsReader
{
    public const ushort Port = 53;
    public const ushort MulticastPort = 5353;
    public const ushort LinkLocalPort = 5355;
    private const int HeaderLength = 12;
    private const ushort ResponseFlag = 0x8000;
    private const ushort TruncatedFlag = 0x0200;
    private const ushort OpcodeMask = 0x7800;

    // The top bit of the class means something else in multicast DNS (RFC 6762, 5.4 and 10.2).
    private const ushort ClassMask = 0x7fff;

    // Service announcements of one device hold up to some 30 records; more than this is made to keep parsers busy.
    private const int MaxRecords = 64;

    // Names that point at each other make a hundred kilobytes of text out of one packet; the longest announcements hold some three.
    private const int MaxText = 4096;

    /// <summary>Reads a query or a response; false when it is neither.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, in FactOrigin origin, [NotNullWhen(true)] out DnsFact? fact)
    {
        fact = null;
        if (message.Length < HeaderLength)
        {
            return false;
        }

        var flags = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        var isResponse = (flags & ResponseFlag) != 0;
        var counts = Counts.Of(message);
        if ((flags & OpcodeMask) != 0 || !counts.IsLikely(isResponse))
        {
            return false;
        }

        var offset = HeaderLength;
        var room = MaxText;
        var questions = new List<DnsQuestion>(Math.Min((int)counts.Questions, MaxRecords));
        var isWhole = TryReadQuestions(message, ref offset, ref room, counts.Questions, questions);
        if (!isWhole && questions.Count == 0)
        {
            return false;
        }

        var isMulticast = origin.SourcePort == MulticastPort || origin.DestinationPort == MulticastPort;
        var answers = new List<DnsRecord>();
        var additional = new List<DnsRecord>();
        isWhole = isWhole && TryReadRecords(message, ref offset, ref room, isMulticast, counts.Answers, answers)
            && TryReadRecords(message, ref offset, ref room, isMulticast, counts.Authorities, kept: null)
            && TryReadRecords(message, ref offset, ref room, isMulticast, counts.Additional, additional);
        fact = new DnsFact(origin)
        {
            Id = BinaryPrimitives.ReadUInt16BigEndian(message),
            IsResponse = isResponse,
            ResponseCode = (byte)(flags & 0x0f),
            IsTruncated = (flags & TruncatedFlag) != 0,
            Questions = questions,
            Answers = answers,
            AuthoritiesCount = counts.Authorities,
            Additional = additional,
            IsPartial = !isWhole,
        };
        return true;
    }

    private static bool TryReadQuestions(ReadOnlySpan<byte> message, ref int offset, ref int room, int count, List<DnsQuestion> questions)
    {
        for (var i = 0; i < count; i++)
        {
            if (i == MaxRecords || room <= 0 || !DnsName.TryRead(message, ref offset, out var name) || message.Length < offset + 4)
            {
                return false;
            }

            var type = BinaryPrimitives.ReadUInt16BigEndian(message[offset..]);
            var recordClass = BinaryPrimitives.ReadUInt16BigEndian(message[(offset + 2)..]) & ClassMask;
            offset += 4;

            // Internet, Chaos, Hesiod, any: another one shows that this is no DNS at all.
            if (recordClass is not (1 or 3 or 4 or 255))
            {
                return false;
            }

            room -= name.Length;
            questions.Add(new DnsQuestion(name, type));
        }

        return true;
    }

    private static bool TryReadRecords(ReadOnlySpan<byte> message, ref int offset, ref int room, bool isMulticast, int count, List<DnsRecord>? kept)
    {
        for (var i = 0; i < count; i++)
        {
            if (i == MaxRecords || room <= 0 || !DnsName.TryRead(message, ref offset, out var name))
            {
                return false;
            }

            var rest = new ByteReader(message[offset..]);
            if (!rest.TryUInt16(out var type) || !rest.TrySkip(2) || !rest.TryUInt32(out var timeToLive) || !rest.TryBlock16(out var content))
            {
                return false;
            }

            var start = message.Length - rest.Rest.Length - content.Length;
            offset = start + content.Length;
            if (kept is not null && type != DnsTypes.Options)
            {
                var record = new DnsRecord(name, type, timeToLive, content.Length, DnsContent.Read(message[..offset], start, type))
                {
                    Strings = type == DnsTypes.Text && isMulticast ? DnsContent.ReadStrings(content) : [],
                };
                room -= name.Length + record.Value.Length + record.Strings.Sum(text => text.Length);
                kept.Add(record);
            }
        }

        return true;
    }

    private readonly record struct Counts(ushort Questions, ushort Answers, ushort Authorities, ushort Additional)
    {
        public static Counts Of(ReadOnlySpan<byte> message) => new(
            BinaryPrimitives.ReadUInt16BigEndian(message[4..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[6..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[8..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[10..]));

        // A response may do without its question (multicast always does), a query has one.
        public bool IsLikely(bool isResponse) => isResponse || Questions > 0;
    }
}
