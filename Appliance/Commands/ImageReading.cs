namespace Appliance.Commands;

/// <summary>Shows how much of an image file was read, at once and in order: a Progress of the framework would do it later.</summary>
internal sealed class ImageReading(ProgressBar bar) : IProgress<(long Read, long Length)>
{
    public void Report((long Read, long Length) value) => bar.Tell("reading", (ulong)value.Read, (ulong)value.Length);
}
