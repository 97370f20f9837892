using System.Text;
using Appliance.Router.Decoding.Facts;
using Appliance.Router.Decoding.Streams;

namespace Appliance.Router.Decoding.Http;

/// <summary>Reads the head of an HTTP/1 request (RFC 9112); targets, cookies and credentials stay where they are.</summary>
internal static class HttpReader
{
    // The longest method, PROPFIND, a blank and the first letter of a target.
    private const int TellingLength = 10;

    public static StreamVerdict Read(ReadOnlySpan<byte> stream, in FactOrigin origin, out Fact? fact)
    {
        fact = null;
        if (!HttpLogins.IsRequest(stream))
        {
            // Some clients send the method in a segment of its own (the Hue bridge does).
            var isMethod = !stream.TrimEnd((byte)' ').ContainsAnyExceptInRange((byte)'A', (byte)'Z');
            return stream.Length < TellingLength && isMethod ? StreamVerdict.Incomplete : StreamVerdict.Foreign;
        }

        // A head that is longer than all that is kept has said what matters before.
        var end = stream.IndexOf("\r\n\r\n"u8);
        if (end < 0 && stream.Length < StreamHead.Capacity)
        {
            return StreamVerdict.Incomplete;
        }

        var lines = new HeaderLines(end < 0 ? stream : stream[..(end + 2)]);
        if (!lines.TryLine(out var request))
        {
            return StreamVerdict.Foreign;
        }

        ReadOnlySpan<byte> host = default, userAgent = default;
        while (lines.TryField(out var name, out var value))
        {
            host = Ascii.EqualsIgnoreCase(name, "Host"u8) ? value : host;
            userAgent = Ascii.EqualsIgnoreCase(name, "User-Agent"u8) ? value : userAgent;
        }

        fact = new HttpFact(origin, PlainText.Of(request[..request.IndexOf((byte)' ')]))
        {
            Host = PlainText.Of(host),
            UserAgent = PlainText.Of(userAgent),
        };
        return StreamVerdict.Complete;
    }
}
