namespace Appliance.Router.Traffic;

/// <summary>Frames of an interface since the Router started: read here, counted by the kernel, and those of them that it dropped.</summary>
internal readonly record struct FrameCounts(long Read, long Kernel, long Dropped)
{
    public static FrameCounts operator +(FrameCounts left, FrameCounts right) =>
        new(left.Read + right.Read, left.Kernel + right.Kernel, left.Dropped + right.Dropped);
}
