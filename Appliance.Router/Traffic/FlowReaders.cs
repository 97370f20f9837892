namespace Appliance.Router.Traffic;

/// <summary>Opens readers of the event stream and counts what they come too late for.</summary>
internal sealed class FlowReaders(FlowEventRing ring, PacketPath path, TrafficMeter meter, TimeProvider clock)
{
    public string Epoch => ring.Epoch;

    /// <summary>A reader from the oldest event held, or from behind the one that it names.</summary>
    public FlowReader Open(string? epoch, ulong sequence)
    {
        var reader = new FlowReader(ring, path, clock);
        if (!string.IsNullOrEmpty(epoch))
        {
            reader.Resume(epoch, (long)Math.Min(sequence, long.MaxValue));
        }

        return reader;
    }

    public void CutOff() => meter.CutOff();

    public void Missed(long count) => meter.Missed(count);
}
