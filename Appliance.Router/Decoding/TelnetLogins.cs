using System.Buffers;

namespace Appliance.Router.Decoding;

/// <summary>Log-ins of Telnet by the words that follow the answer to a password prompt.</summary>
internal static class TelnetLogins
{
    // The verdict and the next prompt stand within the first lines; a shell's greeting may be longer.
    private const int MaxText = 512;
    private const byte Command = 0xff;
    private const byte SubnegotiationBegin = 0xfa;
    private const byte SubnegotiationEnd = 0xf0;
    private const byte FirstOptionCommand = 0xfb;

    // Asked first, since login(1) tells of earlier failures after a success.
    private static readonly SearchValues<string> LastLogins = SearchValues.Create(
        ["last login", "last failed login", "last successful login"], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> Refusals = SearchValues.Create(
        ["incorrect", "fail", "invalid", "denied", "bad password", "wrong"], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> Welcomes = SearchValues.Create(
        ["welcome", "busybox"], StringComparison.OrdinalIgnoreCase);

    public static LoginOutcome Observe(ref LoginTrack track, ReadOnlySpan<byte> payload, bool isFromSource)
    {
        Span<char> buffer = stackalloc char[MaxText];
        ReadOnlySpan<char> text = buffer[..ReadText(payload, buffer)];
        if (isFromSource)
        {
            track.IsPending |= track.IsPrompted && !text.IsEmpty;
            track.IsDefault = track.Typing.Take(payload, track.IsPrompted, ref track.Typed) ?? track.IsDefault;
            return LoginOutcome.None;
        }

        text = text.TrimEnd();
        var wasPending = track.IsPending;
        if (text.EndsWith("password:", StringComparison.OrdinalIgnoreCase))
        {
            track.IsPrompted = true;
            track.IsPending = false;
            return wasPending ? LoginOutcome.Failed : LoginOutcome.None;
        }

        var outcome = wasPending ? Judge(text) : LoginOutcome.None;
        if (outcome != LoginOutcome.None || EndsWithNamePrompt(text))
        {
            // What is typed next is a name.
            track.Typed.Wipe();
            track.IsPending = track.IsPrompted = false;
            track.IsDone = outcome == LoginOutcome.Succeeded;
        }

        return outcome;
    }

    private static LoginOutcome Judge(ReadOnlySpan<char> text)
    {
        if (text.ContainsAny(LastLogins))
        {
            return LoginOutcome.Succeeded;
        }

        if (text.ContainsAny(Refusals) || EndsWithNamePrompt(text))
        {
            return LoginOutcome.Failed;
        }

        var isShell = !text.IsEmpty && text[^1] is '$' or '#' or '>' or '%';
        return isShell || text.ContainsAny(Welcomes) ? LoginOutcome.Succeeded : LoginOutcome.None;
    }

    private static bool EndsWithNamePrompt(ReadOnlySpan<char> text) =>
        text.EndsWith("login:", StringComparison.OrdinalIgnoreCase) || text.EndsWith("username:", StringComparison.OrdinalIgnoreCase);

    // Leaves out commands and subnegotiations (RFC 854), which may stand anywhere in the text.
    private static int ReadText(ReadOnlySpan<byte> payload, Span<char> text)
    {
        var length = 0;
        for (var i = 0; i < payload.Length && length < text.Length; i++)
        {
            if (payload[i] != Command)
            {
                text[length++] = (char)payload[i];
            }
            else if (i + 1 < payload.Length && payload[i + 1] == SubnegotiationBegin)
            {
                var end = payload[i..].IndexOf(SubnegotiationEnd);
                i = end < 0 ? payload.Length : i + end;
            }
            else
            {
                i += i + 1 < payload.Length && payload[i + 1] >= FirstOptionCommand ? 2 : 1;
            }
        }

        return length;
    }
}
