using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Decoding.Dns;

/// <summary>One DNS message: what was asked, and in a response what was answered or why not.</summary>
public sealed record DnsFact(FactOrigin Origin) : Fact(Origin)
{
    // A question or record without its texts.
    private const int EntryBytes = 64;

    public ushort Id { get; init; }

    public bool IsResponse { get; init; }

    /// <summary>IANA number: 0 success, 2 server failure, 3 no such name, 5 refused.</summary>
    public byte ResponseCode { get; init; }

    /// <summary>The server has left something out for want of room; the client asks again over TCP.</summary>
    public bool IsTruncated { get; init; }

    public required IReadOnlyList<DnsQuestion> Questions { get; init; }

    public required IReadOnlyList<DnsRecord> Answers { get; init; }

    /// <summary>Records that only say who else knows; they are not kept.</summary>
    public int AuthoritiesCount { get; init; }

    /// <summary>Records that were not asked for but go with the answer; multicast DNS tells addresses here.</summary>
    public required IReadOnlyList<DnsRecord> Additional { get; init; }

    /// <summary>The message broke off, contradicted itself or was longer than is read: there may have been more in it.</summary>
    public bool IsPartial { get; init; }

    public bool HasFailed => IsResponse && ResponseCode != 0;

    protected override int TextBytes => Questions.Sum(BytesOf) + Answers.Sum(BytesOf) + Additional.Sum(BytesOf);

    public bool IsMulticast => Origin.SourcePort == DnsReader.MulticastPort || Origin.DestinationPort == DnsReader.MulticastPort;

    private static int BytesOf(DnsQuestion question) => EntryBytes + BytesOf(question.Name);

    private static int BytesOf(DnsRecord record) => EntryBytes + BytesOf(record.Name) + BytesOf(record.Value) + record.Strings.Sum(BytesOf);
}
