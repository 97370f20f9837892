using Appliance.Hosting.Identity;
using Appliance.Tests.Shared;

namespace Appliance.Logger.Tests.Fanout;

/// <summary>A Logger with one of the two brokers, and clients of it.</summary>
internal abstract class BrokerUnderTest : IAsyncDisposable
{
    protected BrokerUnderTest(params (string Key, string? Value)[] settings)
    {
        Logger = new LoggerHost(Site, [("Logger:Mqtt:Port", $"{Port}"), .. settings]);
    }

    public TestSite Site { get; } = new();

    public TempFolder Folder { get; } = new();

    public int Port { get; } = FreePorts.Take();

    public LoggerHost Logger { get; }

    public abstract Task StartAsync();

    /// <summary>Ends what holds the messages without warning where that can be done, and starts it again.</summary>
    public abstract Task RestartAsync();

    public MqttPeer Client(PeerKind kind, string name) => MqttPeer.Of(Site, Folder, Port, kind, name);

    public virtual async ValueTask DisposeAsync()
    {
        await Logger.DisposeAsync();
        await Site.DisposeAsync();
        Folder.Dispose();
    }
}
