namespace Appliance.Router.Decoding;

/// <summary>How far one side of a log-in has come.</summary>
internal struct LoginSide
{
    /// <summary>Sequence number of the byte that is due.</summary>
    public uint Next;

    /// <summary>Sequence number of the first byte that its reader has not used yet; only while some wait.</summary>
    public uint FirstWaiting;

    /// <summary>What the other side says that it has received.</summary>
    public uint Acknowledged;
    public bool IsBegun;
    public bool IsAcknowledged;

    /// <summary>Bytes wait for more of theirs, or for those before them.</summary>
    public bool IsWaiting;

    public void Begin(uint sequence)
    {
        Next = sequence;
        IsBegun = true;
    }

    /// <summary>Whether all before a byte has arrived, seen here or not.</summary>
    public readonly bool HasArrivedBefore(uint sequence) => IsAcknowledged && (int)(Acknowledged - sequence) >= 0;
}
