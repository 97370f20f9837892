using System.Buffers.Text;

namespace Appliance.Router.Decoding;

/// <summary>Log-ins of HTTP by the status that follows an Authorization header (RFC 9110, 11).</summary>
internal static class HttpLogins
{
    private const int StatusOffset = 9;

    // The longest method, PROPFIND, a blank and the first letter of a target.
    private const int TellingLength = 10;

    // Of a longer field the beginning counts, and of a longer interim response nothing.
    private const int MaxField = 512;
    private const int MaxInterim = 1024;
    private const int More = -1;

    private static ReadOnlySpan<byte> Authorization => "Authorization:"u8;

    private static ReadOnlySpan<byte> ContentLength => "Content-Length:"u8;

    private static ReadOnlySpan<byte> TransferEncoding => "Transfer-Encoding:"u8;

    public static bool IsRequest(ReadOnlySpan<byte> payload)
    {
        var space = payload[..Math.Min(payload.Length, 9)].IndexOf((byte)' ');
        if (space < 0 || payload.Length < space + 2)
        {
            return false;
        }

        // RTSP and SIP share some methods, but their targets begin with their own scheme.
        var target = payload[space + 1];
        return target is (byte)'/' or (byte)'*' or (byte)'h' && IsMethod(payload[..space]);
    }

    /// <summary>Whether more bytes may make a request of these.</summary>
    public static bool MayBecomeRequest(ReadOnlySpan<byte> payload) =>
        payload.Length < TellingLength && !payload.TrimEnd((byte)' ').ContainsAnyExceptInRange((byte)'A', (byte)'Z');

    public static int Read(ref LoginTrack track, ReadOnlySpan<byte> bytes, bool isFromSource) => isFromSource ? ReadRequests(ref track, bytes) : ReadResponses(ref track, bytes);

    private static int ReadRequests(ref LoginTrack track, ReadOnlySpan<byte> bytes)
    {
        if (track.Http.Place == HttpPlace.Unknown && IsRequest(bytes))
        {
            track.Http.Place = HttpPlace.Start;
        }

        var used = 0;
        while (used < bytes.Length)
        {
            var rest = bytes[used..];
            var step = track.Http.Place switch
            {
                HttpPlace.Start => ReadStart(ref track, rest),
                HttpPlace.Head => ReadLine(ref track, rest),
                HttpPlace.Body => ReadBody(ref track.Http, rest),
                _ => rest.Length,
            };
            if (step == More)
            {
                break;
            }

            used += step;
        }

        return used;
    }

    private static int ReadStart(ref LoginTrack track, ReadOnlySpan<byte> rest)
    {
        // RFC 9112, 2.2: an empty line before a request is passed over.
        if (rest[0] is (byte)'\r' or (byte)'\n')
        {
            return 1;
        }

        if (IsRequest(rest))
        {
            track.IsPending = false;
            track.Judge(isDefault: false);
            track.Http.BeginHead();
            return 0;
        }

        if (MayBecomeRequest(rest))
        {
            return More;
        }

        track.Http.Place = HttpPlace.Unknown;
        return rest.Length;
    }

    private static int ReadLine(ref LoginTrack track, ReadOnlySpan<byte> rest)
    {
        ref var http = ref track.Http;
        var end = rest.IndexOf((byte)'\n');
        if (http.IsLineKnown)
        {
            http.IsLineKnown = end < 0;
            return end < 0 ? rest.Length : end + 1;
        }

        if (end < 0)
        {
            if (rest.Length < MaxField && MayMatter(rest))
            {
                return More;
            }

            ReadField(ref track, rest);
            http.IsLineKnown = true;
            return rest.Length;
        }

        if (rest[..end].TrimEnd((byte)'\r').IsEmpty)
        {
            http.EndHead();
        }
        else
        {
            ReadField(ref track, rest[..(end + 1)]);
        }

        return end + 1;
    }

    private static int ReadBody(ref HttpShape http, ReadOnlySpan<byte> rest)
    {
        var length = (int)Math.Min(http.BodyLeft, (uint)rest.Length);
        http.BodyLeft -= (uint)length;
        http.Place = http.BodyLeft == 0 ? HttpPlace.Start : HttpPlace.Body;
        return length;
    }

    private static bool MayMatter(ReadOnlySpan<byte> line) =>
        line[0] == '\r' || AsciiText.Meets(line, Authorization) || AsciiText.Meets(line, ContentLength) || AsciiText.Meets(line, TransferEncoding);

    private static void ReadField(ref LoginTrack track, ReadOnlySpan<byte> line)
    {
        ref var http = ref track.Http;
        switch (line[0] | 0x20)
        {
            case 'a' when !http.IsAuthorized && AsciiText.Begins(line, Authorization):
                var credentials = line[Authorization.Length..].TrimStart((byte)' ');
                http.IsAuthorized = true;
                track.IsPending = IsPassword(credentials);
                track.Judge(track.IsPending && BasicCredentials.AreDefault(credentials));
                break;
            case 'c' when AsciiText.Begins(line, ContentLength):
                http.BodyLeft = Utf8Parser.TryParse(line[ContentLength.Length..].Trim(" \t\r\n"u8), out uint length, out _) ? length : 0;
                break;
            case 't' when AsciiText.Begins(line, TransferEncoding):
                http.HasOpenBody = true;
                break;
            default:
                break;
        }
    }

    private static int ReadResponses(ref LoginTrack track, ReadOnlySpan<byte> bytes)
    {
        track.Http.TakeTurn();
        var rest = bytes;
        while (track.IsPending && !rest.IsEmpty)
        {
            if (!AsciiText.Meets(rest, "HTTP/1."u8))
            {
                return bytes.Length;
            }

            if (rest.Length < StatusOffset + 3)
            {
                return bytes.Length - rest.Length;
            }

            var status = rest.Slice(StatusOffset, 3);
            if (status[0] != '1')
            {
                track.IsPending = false;
                track.Conclude(OutcomeOf(status, track.HasSucceeded));
                return bytes.Length;
            }

            // An interim response is all head, and the final one follows it.
            var end = rest.IndexOf("\r\n\r\n"u8);
            if (end < 0)
            {
                return rest.Length < MaxInterim ? bytes.Length - rest.Length : bytes.Length;
            }

            rest = rest[(end + 4)..];
        }

        return bytes.Length;
    }

    private static LoginOutcome OutcomeOf(ReadOnlySpan<byte> status, bool hasSucceeded)
    {
        if (status.SequenceEqual("401"u8))
        {
            return LoginOutcome.Failed;
        }

        // A client that is in sends the header with every request; that is one log-in, not many.
        return status[0] == '2' && !hasSucceeded ? LoginOutcome.Succeeded : LoginOutcome.None;
    }

    private static bool IsMethod(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("GET"u8) || word.SequenceEqual("POST"u8) || word.SequenceEqual("HEAD"u8) || word.SequenceEqual("PUT"u8)
        || word.SequenceEqual("OPTIONS"u8) || word.SequenceEqual("DELETE"u8) || word.SequenceEqual("PATCH"u8) || word.SequenceEqual("PROPFIND"u8);

    // Other schemes carry tokens, or use 401 as a step of their handshake (NTLM, Negotiate, the Hue bridge's CBAuth).
    private static bool IsPassword(ReadOnlySpan<byte> credentials) => AsciiText.Begins(credentials, "Basic "u8) || AsciiText.Begins(credentials, "Digest "u8);
}
