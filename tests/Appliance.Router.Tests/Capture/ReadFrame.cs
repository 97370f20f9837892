using Appliance.Router.Capture;

namespace Appliance.Router.Tests.Capture;

/// <summary>A copy of a frame that a source gave.</summary>
internal sealed record ReadFrame(byte[] Bytes, long OriginalLength, long Time, LinkType Link)
{
    /// <summary>Everything that the source gives until it ends or has nothing for now.</summary>
    public static List<ReadFrame> All(IPacketSource source)
    {
        var frames = new List<ReadFrame>();
        while (source.Read(out var frame) == ReadOutcome.Frame)
        {
            frames.Add(new ReadFrame(frame.Bytes.ToArray(), frame.OriginalLength, frame.Time, frame.Link));
        }

        return frames;
    }
}
