namespace Appliance.Router.Capture;

/// <summary>Lays out one capture file format.</summary>
internal interface IRecordWriter
{
    /// <summary>The most that anything written takes beside a frame's own bytes.</summary>
    int MaxOverhead { get; }

    /// <summary>Writes what a file begins with, whose first frame is of that kind of link; gives the length.</summary>
    int Begin(LinkType link, Span<byte> target);

    /// <summary>Writes one frame; gives the length, 0 where the file can't hold frames of that kind of link.</summary>
    int Write(in Frame frame, Span<byte> target);
}
