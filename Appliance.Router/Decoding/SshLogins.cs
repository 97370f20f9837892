namespace Appliance.Router.Decoding;

/// <summary>Log-ins of an encrypted SSH connection by the sizes of the server's replies, as Zeek's SSH analyzer does.</summary>
/// <remarks>
/// After NEWKEYS the client asks for the service, then sends one authentication request after the other. The server accepts the
/// service in 17 bytes and a log-in in 1 (RFC 4252, 5.1), which every cipher in use pads to 16 less; refusals all have one size.
/// </remarks>
internal static class SshLogins
{
    private const int NewKeysLength = 16;
    private const int SuccessIsSmallerBy = 16;

    // A password packet of OpenSSH is padded to 128 bytes and of others shorter; an offered RSA key takes 360 or more.
    private const int MaxPasswordRequest = 256;

    // OpenSSH pads password packets to a multiple of 64 bytes (sshconnect2.c), its first question for the methods is 16 to 48 longer than the one for the service.
    private const int PaddedBy = 64;

    // PAM delays a refusal by 2 s (pam_unix), dropbear by 250 ms or more; nobody types a password faster either.
    private const long Slow = 240_000_000;

    // MaxAuthTries is 6 by default and rarely above 20.
    private const int MaxReplies = 40;

    // Length 12, padding 10, message 21: NEWKEYS has no other form (RFC 4253, 7.3).
    private static ReadOnlySpan<byte> NewKeys => [0, 0, 0, 12, 10, 21];

    public static LoginOutcome Observe(ref LoginTrack track, in Packet packet, bool isFromSource)
    {
        ref var shape = ref track.Ssh;
        if (isFromSource && packet.Payload.StartsWith("SSH-2.0-OpenSSH"u8))
        {
            shape.IsOpenSshClient = true;
        }

        ref var isEncrypted = ref isFromSource ? ref shape.IsClientEncrypted : ref shape.IsServerEncrypted;
        var length = packet.PayloadBytes;
        if (!isEncrypted)
        {
            var place = packet.Payload.IndexOf(NewKeys);
            isEncrypted = place >= 0;
            length = isEncrypted ? length - place - NewKeysLength : 0;
        }

        if (length <= 0)
        {
            return LoginOutcome.None;
        }

        var size = (ushort)Math.Min(length, ushort.MaxValue);
        if (isFromSource)
        {
            OnRequest(ref track, size, packet.Time);
            return LoginOutcome.None;
        }

        return OnReply(ref track, size, packet.Time);
    }

    /// <summary>A connection that ends after an authentication without success has failed at least once.</summary>
    public static LoginOutcome Close(in LoginTrack track) =>
        track.Ssh.Replies >= 2 && track is { HasSucceeded: false, HasFailed: false } ? LoginOutcome.Failed : LoginOutcome.None;

    private static void OnRequest(ref LoginTrack track, ushort size, long time)
    {
        ref var shape = ref track.Ssh;
        if (track.IsPending)
        {
            shape.RequestSize = (ushort)Math.Min(shape.RequestSize + size, ushort.MaxValue);
        }
        else
        {
            shape.RequestSize = size;
            shape.IsRequestTyped = time - shape.LastTime >= Slow;
        }

        track.IsPending = true;
        shape.LastTime = time;
    }

    private static LoginOutcome OnReply(ref LoginTrack track, ushort size, long time)
    {
        ref var shape = ref track.Ssh;
        if (shape.Replies == 0)
        {
            // What comes unasked before the first request is the list of extensions (RFC 8308).
            if (track.IsPending)
            {
                shape.AcceptSize = size;
                shape.ServiceSize = shape.RequestSize;
                Answered(ref track, size, time);
            }

            return LoginOutcome.None;
        }

        if (size + SuccessIsSmallerBy == shape.AcceptSize)
        {
            track.IsDone = true;
            return LoginOutcome.Succeeded;
        }

        if (!track.IsPending)
        {
            // A banner or a list of extensions went before it, so this is the reply.
            shape.FailureSize = shape.Replies == 2 ? size : shape.FailureSize;
            shape.LastReplySize = size;
            return LoginOutcome.None;
        }

        return IsRefusal(ref shape, size, time - shape.LastTime, ref track, time) ? LoginOutcome.Failed : LoginOutcome.None;
    }

    private static bool IsRefusal(ref SshShape shape, ushort size, long delay, ref LoginTrack track, long time)
    {
        // Requests of an open session can be smaller than any for authentication, which exceed the one for the service.
        var isRequest = shape.RequestSize > shape.ServiceSize && shape.RequestSize <= MaxPasswordRequest;
        var isFirst = shape.Replies == 1;
        var isRepeated = shape.Replies is 2 or 3 && size == shape.LastReplySize;
        if (isFirst || isRepeated)
        {
            shape.FailureSize = size;
        }

        var isSlow = delay >= Slow;
        Answered(ref track, size, time);

        // The first request mostly asks only which methods there are; but a slow refusal has looked at a password, unless a
        // known client was too brief for one: then the server was only slow to look up the client's name.
        var isAsking = isFirst && (!isSlow || (shape.IsOpenSshClient && shape.RequestSize < shape.ServiceSize + PaddedBy));
        return isRequest && !isAsking && size == shape.FailureSize && (isSlow || shape.IsRequestTyped || !shape.IsOpenSshClient);
    }

    private static void Answered(ref LoginTrack track, ushort size, long time)
    {
        ref var shape = ref track.Ssh;
        track.IsPending = false;
        shape.LastReplySize = size;
        shape.LastTime = time;
        shape.Replies++;
        track.IsDone = shape.Replies >= MaxReplies;
    }
}
