namespace Appliance.Router.Decoding;

/// <summary>Log-ins of Telnet by the words that follow the answer to a password prompt.</summary>
/// <remarks>
/// A screen ends with a prompt only when nothing more follows, and that shows when the client types on, or the conversation ends: how the words were
/// divided into segments does not. Words that tell a verdict by themselves count as soon as their line is whole.
/// </remarks>
internal static class TelnetLogins
{
    public static int Read(ref LoginTrack track, ReadOnlySpan<byte> bytes, bool isFromSource)
    {
        if (isFromSource)
        {
            Type(ref track, bytes);
        }
        else
        {
            Show(ref track, bytes);
        }

        return bytes.Length;
    }

    /// <summary>The client types on, or there is an end to it: what the screen ends with was a prompt.</summary>
    public static void TakeTurn(ref LoginTrack track)
    {
        if (track.Screen.EndsWith("password:"u8))
        {
            track.Conclude(track.IsPending ? LoginOutcome.Failed : LoginOutcome.None);
            track.IsPrompted = true;
            track.IsPending = false;
            track.Screen.Clear();
            return;
        }

        var isNamePrompt = track.Screen.EndsWith("login:"u8) || track.Screen.EndsWith("username:"u8);
        var outcome = track.IsPending ? Judge(track.Screen, isNamePrompt) : LoginOutcome.None;
        if (outcome != LoginOutcome.None || isNamePrompt)
        {
            End(ref track, outcome);
        }
    }

    private static void Type(ref LoginTrack track, ReadOnlySpan<byte> bytes)
    {
        var hasTurn = false;
        foreach (var value in bytes)
        {
            if (!track.Typing.IsText(value))
            {
                continue;
            }

            if (!hasTurn)
            {
                hasTurn = true;
                TakeTurn(ref track);
            }

            if (track.Typing.EndsLine(value, ref track.Typed.Line))
            {
                EndLine(ref track);
            }
        }
    }

    // A line before the prompt for a password is a name; a second one is the password of a program that does not wait.
    private static void EndLine(ref LoginTrack track)
    {
        if (!track.IsPrompted && !track.Typing.HasName)
        {
            track.Typed.TakeName();
            track.Typing.HasName = true;
            track.Judge(isDefault: false);
            return;
        }

        track.Judge(track.Typed.TakePassword());
        track.Typing.HasName = false;
        if (track.IsPrompted)
        {
            track.IsPending = true;
            track.Screen.Clear();
        }
    }

    private static void Show(ref LoginTrack track, ReadOnlySpan<byte> bytes)
    {
        var read = 0;
        while (track.IsPending && read < bytes.Length)
        {
            var value = bytes[read++];
            track.Screen.Read(value);
            var words = track.Screen.Words;
            if ((words & TelnetWords.LastLogin) != TelnetWords.None)
            {
                End(ref track, LoginOutcome.Succeeded);
            }
            else if (value == '\n' && (words & TelnetWords.Refusal) != TelnetWords.None)
            {
                End(ref track, LoginOutcome.Failed);
            }
        }

        track.Screen.Skim(bytes[read..]);
    }

    private static LoginOutcome Judge(in TelnetScreen screen, bool isNamePrompt)
    {
        if ((screen.Words & TelnetWords.Refusal) != TelnetWords.None || isNamePrompt)
        {
            return LoginOutcome.Failed;
        }

        var isShell = !screen.Text.IsEmpty && screen.Text[^1] is (byte)'$' or (byte)'#' or (byte)'>' or (byte)'%';
        return isShell || (screen.Words & TelnetWords.Welcome) != TelnetWords.None ? LoginOutcome.Succeeded : LoginOutcome.None;
    }

    // What is typed next is a name.
    private static void End(ref LoginTrack track, LoginOutcome outcome)
    {
        track.Conclude(outcome);
        track.Typed.Wipe();
        track.Typing.HasName = false;
        track.Screen.Clear();
        track.IsPending = track.IsPrompted = false;
        track.IsDone = outcome == LoginOutcome.Succeeded;
    }
}
