namespace Appliance.Router.Decoding;

/// <summary>What the sizes and times of an SSH connection's encrypted packets have shown so far.</summary>
internal struct SshShape
{
    /// <summary>Sides that have sent NEWKEYS: from there on they are encrypted.</summary>
    public bool IsClientEncrypted;

    public bool IsServerEncrypted;

    /// <summary>The client says that it is OpenSSH, which offers keys by itself before it asks for a password.</summary>
    public bool IsOpenSshClient;

    /// <summary>The client took its time before it sent the last request.</summary>
    public bool IsRequestTyped;

    public byte Replies;
    public ushort ServiceSize;
    public ushort AcceptSize;
    public ushort RequestSize;
    public ushort FailureSize;
    public ushort LastReplySize;
    public long LastTime;
}
