namespace Appliance.Router.Decoding;

/// <summary>Where one flow's log-in stands: sizes, times and marks, never payload.</summary>
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

    public SshShape Ssh;

    public static bool CanFollow(ApplicationKind application) => application
        is ApplicationKind.Ssh or ApplicationKind.Ftp or ApplicationKind.Http or ApplicationKind.Telnet or ApplicationKind.Mqtt;

    /// <summary>Takes the next TCP segment that has payload.</summary>
    public LoginOutcome Observe(in Packet packet, bool isFromSource)
    {
        if (IsDone || IsRepeated(packet, isFromSource))
        {
            return LoginOutcome.None;
        }

        var outcome = Application switch
        {
            ApplicationKind.Ssh => SshLogins.Observe(ref this, packet, isFromSource),
            ApplicationKind.Ftp => FtpLogins.Observe(ref this, packet.Payload, isFromSource),
            ApplicationKind.Http => HttpLogins.Observe(ref this, packet.Payload, isFromSource),
            ApplicationKind.Telnet => TelnetLogins.Observe(ref this, packet.Payload, isFromSource),
            ApplicationKind.Mqtt => MqttLogins.Observe(ref this, packet.Payload, isFromSource),
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

    private LoginOutcome Note(LoginOutcome outcome)
    {
        HasFailed |= outcome == LoginOutcome.Failed;
        HasSucceeded |= outcome == LoginOutcome.Succeeded;
        return outcome;
    }

    // A segment that is sent again must not count as a second try.
    private bool IsRepeated(in Packet packet, bool isFromSource)
    {
        ref var next = ref isFromSource ? ref _nextOut : ref _nextIn;
        var end = packet.TcpSequence + (uint)packet.PayloadBytes;
        if (next != 0 && (int)(end - next) <= 0)
        {
            return true;
        }

        next = end;
        return false;
    }
}
