namespace Appliance.Router.Decoding;

/// <summary>Where one flow's log-in stands: sizes, times and marks, and what is being typed until it is known whether it is a default.</summary>
internal struct LoginTrack(ApplicationKind application)
{
    private uint _nextOut;
    private uint _nextIn;

    public ApplicationKind Application { get; } = application;

    /// <summary>Nothing more can be learned from this flow.</summary>
    public bool IsDone { get; set; }

    /// <summary>The client has sent credentials that the server has not answered yet.</summary>
    public bool IsPending { get; set; }

    /// <summary>The server has asked for a password (Telnet).</summary>
    public bool IsPrompted { get; set; }

    public bool HasSucceeded { get; set; }

    public bool HasFailed { get; set; }

    /// <summary>The credentials sent last are a default that makers ship.</summary>
    public bool IsDefault { get; set; }

    public SshShape Ssh;

    public TypedCredentials Typed;

    public TelnetTyping Typing;

    public static bool CanFollow(ApplicationKind application) => application
        is ApplicationKind.Ssh or ApplicationKind.Ftp or ApplicationKind.Http or ApplicationKind.Telnet or ApplicationKind.Mqtt;

    /// <summary>Takes the next TCP segment that has payload.</summary>
    public LoginOutcome Observe(in Packet packet, bool isFromSource)
    {
        if (IsDone || !TryTakeNew(packet, isFromSource, out var payload))
        {
            return LoginOutcome.None;
        }

        var outcome = Application switch
        {
            ApplicationKind.Ssh => SshLogins.Observe(ref this, packet, isFromSource),
            ApplicationKind.Ftp => FtpLogins.Observe(ref this, payload, isFromSource),
            ApplicationKind.Http => HttpLogins.Observe(ref this, payload, isFromSource),
            ApplicationKind.Telnet => TelnetLogins.Observe(ref this, payload, isFromSource),
            ApplicationKind.Mqtt => MqttLogins.Observe(ref this, payload, isFromSource),
            _ => LoginOutcome.None,
        };
        return Note(outcome);
    }

    /// <summary>What the end of the conversation itself tells.</summary>
    public LoginOutcome Close()
    {
        var outcome = !IsDone && Application == ApplicationKind.Ssh ? SshLogins.Close(this) : LoginOutcome.None;
        IsDone = true;
        return Note(outcome);
    }

    /// <summary>Leaves nothing of what was typed.</summary>
    public void Wipe() => Typed.Wipe();

    private LoginOutcome Note(LoginOutcome outcome)
    {
        HasFailed |= outcome == LoginOutcome.Failed;
        HasSucceeded |= outcome == LoginOutcome.Succeeded;
        return outcome;
    }

    // A segment that is sent again must not count as a second try, nor a letter twice.
    private bool TryTakeNew(in Packet packet, bool isFromSource, out ReadOnlySpan<byte> payload)
    {
        ref var next = ref isFromSource ? ref _nextOut : ref _nextIn;
        var end = packet.TcpSequence + (uint)packet.PayloadBytes;
        var known = next == 0 ? 0 : (int)(next - packet.TcpSequence);
        payload = packet.Payload[Math.Clamp(known, 0, packet.Payload.Length)..];
        if (known >= packet.PayloadBytes)
        {
            return false;
        }

        if (known < 0 && isFromSource)
        {
            // What was typed meanwhile is lost, and with it what the rest would mean.
            Typed.Wipe();
        }

        next = end;
        return true;
    }
}
