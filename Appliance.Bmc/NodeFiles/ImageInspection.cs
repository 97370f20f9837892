using Appliance.Hosting.Enrollment;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.NodeFiles;

/// <summary>What an image says of itself at its beginning.</summary>
/// <param name="Partitions">In the order of its table.</param>
/// <param name="NodeFile">The node that a node file in it makes, that its place is empty, or why there is no place.</param>
internal sealed record ImageInspection(IReadOnlyList<Partition> Partitions, string NodeFile)
{
    public static async Task<ImageInspection> ReadAsync(Stream raw, CancellationToken token)
    {
        using var seen = new MemoryStream();
        try
        {
            var (head, place) = await NodeFileOverlay.FindAsync(raw, token);
            seen.Write(head.Span);
            await CopyUntilAsync(raw, seen, place.End, token);
            var bytes = seen.GetBuffer().AsMemory(0, (int)seen.Length);
            return new ImageInspection(PartitionTable.Read(bytes.Span).Value ?? [], place.End > bytes.Length ? "none: the image ends before it" : Node(bytes.Span.Slice((int)place.Start, (int)place.Length)));
        }
        catch (BusyException refused)
        {
            return new ImageInspection([], $"none: {refused.Message}");
        }
    }

    private static string Node(ReadOnlySpan<byte> place)
    {
        if (NodeFileText.IsEmpty(place))
        {
            return "empty place";
        }

        try
        {
            var file = NodeFileSignature.Read(place);
            return $"{file}";
        }
        catch (InvalidInputException fault)
        {
            return $"damaged: {fault.Message}";
        }
    }

    // Its place is on the first partition, so this is some MiB.
    private static async Task CopyUntilAsync(Stream raw, MemoryStream seen, long end, CancellationToken token)
    {
        var buffer = new byte[1 << 16];
        while (seen.Length < end && await raw.ReadAsync(buffer, token) is > 0 and var count)
        {
            seen.Write(buffer, 0, count);
        }
    }
}
