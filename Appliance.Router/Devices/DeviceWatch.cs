using System.Threading.Channels;

namespace Appliance.Router.Devices;

/// <summary>The devices of one moment, or what changed up to it, and every change since; a reader that falls behind is cut off.</summary>
internal sealed class DeviceWatch(IReadOnlyList<DeviceChange> snapshot, long sequence, bool isResumed, Channel<DeviceChange> queue, Action<DeviceWatch> leave) : IDisposable
{
    /// <summary>In the order of the changes, so that whoever breaks off in between can go on there.</summary>
    public IReadOnlyList<DeviceChange> Snapshot => snapshot;

    /// <summary>Number of the last change that the snapshot has.</summary>
    public long Sequence => sequence;

    /// <summary>The snapshot holds only what changed after the cursor.</summary>
    public bool IsResumed => isResumed;

    public ChannelReader<DeviceChange> Changes => queue.Reader;

    internal ChannelWriter<DeviceChange> Writer => queue.Writer;

    public void Dispose() => leave(this);
}
