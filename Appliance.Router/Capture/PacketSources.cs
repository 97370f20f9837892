using Microsoft.Extensions.Options;

namespace Appliance.Router.Capture;

/// <summary>Opens the source that the configuration names.</summary>
internal sealed class PacketSources(IOptions<CaptureOptions> options, LiveSources live, TimeProvider clock)
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    /// <summary>What is watched, in words.</summary>
    public string Description => options.Value switch
    {
        { File.Length: > 0 } file => $"capture {file.File}",
        { Interface.Length: > 0 } live => $"interface {live.Interface}",
        _ => "nothing: neither a capture file nor an interface is configured",
    };

    /// <summary>The source; null when none is configured.</summary>
    public IPacketSource? Open() => options.Value switch
    {
        { File.Length: > 0 } file => new Replay(() => FilteredSource.OpenFile(file.File, file.Filter), file, clock),
        { Interface.Length: > 0 } watched => live.Open(watched.Interface, watched),
        _ => null,
    };

    /// <summary>Waits before an interface that has failed is opened again.</summary>
    public Task WaitToRetryAsync(CancellationToken token) => Task.Delay(RetryInterval, clock, token);
}
