using Appliance.Hosting.Errors;
using Appliance.Router.Flows;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Traffic;

/// <summary>Opens readers of the event stream and counts what they come too late for.</summary>
internal sealed class FlowReaders(FlowEventRing ring, PacketPaths paths, TrafficMeter meter, IOptions<TrafficOptions> options, TimeProvider clock)
{
    public string Epoch => ring.Epoch;

    /// <summary>A reader from the oldest event held, or from behind the one that it names.</summary>
    public FlowReader Open(string? epoch, ulong sequence)
    {
        var reader = new FlowReader(ring, paths, clock);
        if (!string.IsNullOrEmpty(epoch))
        {
            reader.Resume(epoch, (long)Math.Min(sequence, long.MaxValue));
        }

        return reader;
    }

    /// <summary>Flows in the table that began before the one with the given ordinal, newest first.</summary>
    public IReadOnlyList<ListedFlow> List(long beforeOrdinal, int count) => paths.ListFlows(beforeOrdinal, count);

    /// <summary>Waits until a reader has taken what is written to it, or cuts it off.</summary>
    public async Task AwaitTakingAsync(Task write, CancellationToken token)
    {
        // A reader that takes nothing fills the connection's window, and then the write does not come back.
        try
        {
            await write.WaitAsync(options.Value.ReaderPatience, clock, token);
        }
        catch (TimeoutException)
        {
            meter.CutOff();
            throw new LimitExceededException(
                "SLOW_READER", $"The reader has taken nothing for {options.Value.ReaderPatience}; read on, or resume with the cursor of the last batch.");
        }
    }

    public void Missed(long count) => meter.Missed(count);
}
