using System.Diagnostics.CodeAnalysis;
using System.Text;
using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Decoding.Names;

/// <summary>Reads SSDP messages (UPnP Device Architecture 2.0, 1.2 and 1.3).</summary>
internal static class SsdpReader
{
    public const ushort Port = 1900;

    // An announcement has nine fields; a message with many more is none.
    private const int MaxFields = 32;

    public static bool TryRead(ReadOnlySpan<byte> message, in FactOrigin origin, [NotNullWhen(true)] out SsdpFact? fact)
    {
        fact = null;
        var lines = new HeaderLines(message);
        var kind = lines.TryLine(out var first) ? KindOf(first) : SsdpKind.None;
        if (kind == SsdpKind.None)
        {
            return false;
        }

        ReadOnlySpan<byte> target = default, uniqueName = default, product = default, location = default;
        for (var i = 0; i < MaxFields && lines.TryField(out var name, out var value); i++)
        {
            target = Is(name, "NT"u8) || Is(name, "ST"u8) ? value : target;
            uniqueName = Is(name, "USN"u8) ? value : uniqueName;
            product = Is(name, "SERVER"u8) || Is(name, "USER-AGENT"u8) ? value : product;
            location = Is(name, "LOCATION"u8) ? value : location;
        }

        fact = new SsdpFact(origin, kind)
        {
            Target = PlainText.Of(target),
            UniqueName = PlainText.Of(uniqueName),
            Product = PlainText.Of(product),
            Location = PlainText.Of(location),
        };
        return true;
    }

    private static SsdpKind KindOf(ReadOnlySpan<byte> line) => line switch
    {
        _ when AsciiText.Begins(line, "NOTIFY * HTTP/1."u8) => SsdpKind.Announcement,
        _ when AsciiText.Begins(line, "M-SEARCH * HTTP/1."u8) => SsdpKind.Search,
        _ when AsciiText.Begins(line, "HTTP/1."u8) => SsdpKind.Answer,
        _ => SsdpKind.None,
    };

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> wanted) => Ascii.EqualsIgnoreCase(name, wanted);
}
