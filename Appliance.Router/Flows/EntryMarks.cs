namespace Appliance.Router.Flows;

/// <summary>What is true of a flow, a bit each.</summary>
[Flags]
internal enum EntryMarks : byte
{
    None = 0,

    /// <summary>The source is the lower end of the tuple.</summary>
    SourceIsLow = 1,
    Midstream = 2,

    /// <summary>The source has acknowledged the sequence number of the SYN-ACK, or has sent RST after it.</summary>
    SourceConfirmed = 4,

    /// <summary>The source has sent again after an answer: the last kind to be evicted.</summary>
    Established = 8,

    /// <summary>A destination that greets as FTP and mail servers do.</summary>
    Greeted = 16,

    /// <summary>The sequence number of the SYN-ACK is known.</summary>
    AnswerKnown = 32,

    /// <summary>What the source sends may still tell a fact.</summary>
    ReadsOut = 64,

    /// <summary>What the destination sends may still tell a fact.</summary>
    ReadsIn = 128,
}
