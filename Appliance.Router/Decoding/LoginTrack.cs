namespace Appliance.Router.Decoding;

/// <summary>Where one flow's log-in stands: sizes, times and marks, and what is being typed until it is known whether it is a default.</summary>
internal struct LoginTrack(ApplicationKind application)
{
    public LoginSide Out;
    public LoginSide In;
    public SshShape Ssh;
    public HttpShape Http;
    public TypedCredentials Typed;
    public TelnetTyping Typing;
    public TelnetScreen Screen;
    private LoginOutcome _outcome;
    private bool _wasDefault;

    public ApplicationKind Application { get; } = application;

    /// <summary>Nothing more can be learned from this flow.</summary>
    public bool IsDone { get; set; }

    /// <summary>The client has sent credentials that the server has not answered yet.</summary>
    public bool IsPending { get; set; }

    /// <summary>The server has asked for a password (Telnet).</summary>
    public bool IsPrompted { get; set; }

    /// <summary>The server's line has begun already (FTP).</summary>
    public bool IsMidLine { get; set; }

    public bool HasSucceeded { get; set; }

    public bool HasFailed { get; set; }

    /// <summary>The credentials sent last are a default that makers ship.</summary>
    public bool IsDefault { get; private set; }

    /// <summary>Some that were sent are.</summary>
    public bool TriesDefaults { get; private set; }

    public static bool CanFollow(ApplicationKind application) => application
        is ApplicationKind.Ssh or ApplicationKind.Ftp or ApplicationKind.Http or ApplicationKind.Telnet or ApplicationKind.Mqtt;

    /// <summary>Takes what one side sends, in its order.</summary>
    /// <returns>How many of the bytes have been used; the others are to come again, with more behind them.</returns>
    public int Read(ReadOnlySpan<byte> bytes, bool isFromSource) => IsDone ? bytes.Length : Application switch
    {
        ApplicationKind.Ftp => FtpLogins.Read(ref this, bytes, isFromSource),
        ApplicationKind.Http => HttpLogins.Read(ref this, bytes, isFromSource),
        ApplicationKind.Telnet => TelnetLogins.Read(ref this, bytes, isFromSource),
        ApplicationKind.Mqtt => MqttLogins.Read(ref this, bytes, isFromSource),
        _ => bytes.Length,
    };

    /// <summary>Takes a segment of SSH, of which only the size counts.</summary>
    public void ReadSizes(in Packet packet, bool isFromSource)
    {
        if (!IsDone)
        {
            Conclude(SshLogins.Observe(ref this, packet, isFromSource));
        }
    }

    /// <summary>Bytes of one side are missing for good; what was typed meanwhile is lost, and with it what the rest would mean.</summary>
    public void Lose(bool isFromSource)
    {
        if (isFromSource)
        {
            Typed.Wipe();
            Typing = default;
            Http.Lose();
        }
        else
        {
            Screen.Clear();
            IsMidLine = false;
        }
    }

    /// <summary>What the end of the conversation itself tells.</summary>
    public void Close()
    {
        if (!IsDone && Application == ApplicationKind.Ssh)
        {
            Conclude(SshLogins.Close(this));
        }
        else if (!IsDone && Application == ApplicationKind.Telnet)
        {
            TelnetLogins.TakeTurn(ref this);
        }

        IsDone = true;
    }

    /// <summary>The credentials are whole.</summary>
    public void Judge(bool isDefault)
    {
        IsDefault = isDefault;
        TriesDefaults |= isDefault;
    }

    /// <summary>How the log-in with the last credentials has ended.</summary>
    public void Conclude(LoginOutcome outcome)
    {
        if (outcome != LoginOutcome.None)
        {
            HasFailed |= outcome == LoginOutcome.Failed;
            HasSucceeded |= outcome == LoginOutcome.Succeeded;
            (_outcome, _wasDefault) = (outcome, IsDefault);
        }
    }

    /// <summary>Takes the outcome that has not been told yet, and whether its credentials were a default.</summary>
    public LoginOutcome TakeOutcome(out bool wasDefault)
    {
        var outcome = _outcome;
        wasDefault = _wasDefault;
        _outcome = LoginOutcome.None;
        return outcome;
    }

    /// <summary>Leaves nothing of what was typed.</summary>
    public void Wipe()
    {
        Typed.Wipe();
        Screen.Clear();
    }
}
