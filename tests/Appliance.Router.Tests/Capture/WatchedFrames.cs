using System.Buffers.Binary;
using Appliance.Router.Capture;

namespace Appliance.Router.Tests.Capture;

/// <summary>What a live source gave while something was sent.</summary>
internal static class WatchedFrames
{
    private const int UdpFrame = 42;

    /// <summary>Reads beside the work, and lets what was sent meanwhile come to its end.</summary>
    public static async Task<List<ReadFrame>> WhileAsync(IPacketSource source, Func<int> work)
    {
        using var stop = new CancellationTokenSource();
        var run = Task.Run(() => ReadAsync(source, stop.Token));
        work();
        await stop.CancelAsync();
        return await run;
    }

    /// <summary>The payloads of the datagrams to a port, in order; tagged and other frames are left out.</summary>
    public static IEnumerable<byte[]> PayloadsTo(this IEnumerable<ReadFrame> frames, int port) => frames
        .Select(frame => frame.Bytes)
        .Where(bytes => bytes.Length >= UdpFrame && BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(12)) == 0x0800 && bytes[23] == 17)
        .Where(bytes => BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(36)) == port)
        .Select(bytes => bytes[UdpFrame..]);

    private static async Task<List<ReadFrame>> ReadAsync(IPacketSource source, CancellationToken token)
    {
        using var halt = token.Register(source.Halt);
        var frames = new List<ReadFrame>();
        for (var outcome = Read(source, frames); outcome != ReadOutcome.End; outcome = Read(source, frames))
        {
            if (outcome == ReadOutcome.Idle)
            {
                await source.WaitAsync(CancellationToken.None);
            }
        }

        return frames;
    }

    private static ReadOutcome Read(IPacketSource source, List<ReadFrame> frames)
    {
        var outcome = source.Read(out var frame);
        if (outcome == ReadOutcome.Frame)
        {
            frames.Add(new ReadFrame(frame.Bytes.ToArray(), frame.OriginalLength, frame.Time, frame.Link));
        }

        return outcome;
    }
}
