using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Text;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Feeds;

namespace Appliance.Router.Nftables;

/// <summary>Writes a script for nft piece by piece: 100 000 elements are 2 MB that are never in memory at once.</summary>
internal sealed class FeedTableScript(Stream stream, CancellationToken token)
{
    private const int ElementsPerWrite = 512;
    private const int LongestElement = 96;

    private readonly ArrayBufferWriter<byte> _written = new(ElementsPerWrite * LongestElement);

    public void Append(string text) => Encoding.UTF8.GetBytes(text, _written);

    public async Task AppendAddressesAsync(TargetKind kind, IReadOnlyList<UInt128> hosts)
    {
        for (var place = 0; place < hosts.Count; place++)
        {
            BeginElement(place);
            AppendAddress(kind, hosts[place]);
            await FlushSometimesAsync(place);
        }
    }

    public async Task AppendSpansAsync(TargetKind kind, IReadOnlyList<AddressSpan> spans)
    {
        for (var place = 0; place < spans.Count; place++)
        {
            AppendSpan(kind, spans[place], place);
            await FlushSometimesAsync(place);
        }
    }

    /// <summary>For the few that need no writing in between.</summary>
    public void AppendSpans(TargetKind kind, IReadOnlyList<AddressSpan> spans)
    {
        for (var place = 0; place < spans.Count; place++)
        {
            AppendSpan(kind, spans[place], place);
        }
    }

    public async Task FlushAsync()
    {
        await stream.WriteAsync(_written.WrittenMemory, token);
        _written.ResetWrittenCount();
    }

    private void AppendSpan(TargetKind kind, AddressSpan span, int place)
    {
        BeginElement(place);
        AppendAddress(kind, span.First);
        // To nft a range of one address is an error.
        if (span.First != span.Last)
        {
            _written.Write("-"u8);
            AppendAddress(kind, span.Last);
        }
    }

    private void BeginElement(int place) => _written.Write(place == 0 ? " "u8 : ",\n "u8);

    private Task FlushSometimesAsync(int place) => place % ElementsPerWrite == ElementsPerWrite - 1 ? FlushAsync() : Task.CompletedTask;

    private void AppendAddress(TargetKind kind, UInt128 value)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        var address = new IPAddress(kind == TargetKind.Address4 ? bytes[^4..] : bytes);
        // "xxxx:xxxx:xxxx:xxxx:xxxx:xxxx:xxxx:xxxx" has 39 letters.
        address.TryFormat(_written.GetSpan(40), out var length);
        _written.Advance(length);
    }
}
