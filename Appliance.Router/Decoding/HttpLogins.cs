namespace Appliance.Router.Decoding;

/// <summary>Log-ins of HTTP by the status that follows an Authorization header (RFC 9110, 11).</summary>
internal static class HttpLogins
{
    private const int StatusOffset = 9;

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

    public static LoginOutcome Observe(ref LoginTrack track, ReadOnlySpan<byte> payload, bool isFromSource)
    {
        if (isFromSource)
        {
            if (IsRequest(payload))
            {
                track.IsPending = TryFindCredentials(payload, out var credentials);
                track.IsDefault = track.IsPending && BasicCredentials.AreDefault(credentials);
            }

            return LoginOutcome.None;
        }

        if (!track.IsPending || payload.Length < StatusOffset + 3 || !payload.StartsWith("HTTP/1."u8))
        {
            return LoginOutcome.None;
        }

        var status = payload.Slice(StatusOffset, 3);
        track.IsPending = status[0] == '1';
        if (status.SequenceEqual("401"u8))
        {
            return LoginOutcome.Failed;
        }

        // A client that is in sends the header with every request; that is one log-in, not many.
        return status[0] == '2' && !track.HasSucceeded ? LoginOutcome.Succeeded : LoginOutcome.None;
    }

    private static bool IsMethod(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("GET"u8) || word.SequenceEqual("POST"u8) || word.SequenceEqual("HEAD"u8) || word.SequenceEqual("PUT"u8)
        || word.SequenceEqual("OPTIONS"u8) || word.SequenceEqual("DELETE"u8) || word.SequenceEqual("PATCH"u8) || word.SequenceEqual("PROPFIND"u8);

    private static bool TryFindCredentials(ReadOnlySpan<byte> request, out ReadOnlySpan<byte> credentials)
    {
        credentials = default;
        var name = "Authorization:"u8;
        while (true)
        {
            var line = request.IndexOf((byte)'\n');
            if (line < 0 || request.Length < line + 1 + name.Length)
            {
                return false;
            }

            request = request[(line + 1)..];
            if (AsciiText.Begins(request, name))
            {
                credentials = request[name.Length..].TrimStart((byte)' ');
                return IsPassword(credentials);
            }
        }
    }

    // Other schemes carry tokens, or use 401 as a step of their handshake (NTLM, Negotiate, the Hue bridge's CBAuth).
    private static bool IsPassword(ReadOnlySpan<byte> credentials) => AsciiText.Begins(credentials, "Basic "u8) || AsciiText.Begins(credentials, "Digest "u8);
}
