using Microsoft.Extensions.Options;

namespace Appliance.Router.Capture;

/// <summary>Opens the sources that the configuration names.</summary>
internal sealed class PacketSources(IOptions<CaptureOptions> options, LiveSources live, TimeProvider clock)
{
    /// <summary>Interfaces to watch; empty where a file is played.</summary>
    public IReadOnlyList<InterfaceOptions> Interfaces { get; } = [.. options.Value.Interfaces];

    /// <summary>The file that is played; empty for none.</summary>
    public string File => options.Value.File;

    /// <summary>Opens the file.</summary>
    public IPacketSource OpenFile() => new Replay(() => FilteredSource.OpenFile(File, options.Value.Filter), options.Value, clock);

    /// <summary>Opens an interface, with a source for each of its threads; a single one with a fault when that fails.</summary>
    public IReadOnlyList<ILiveSource> Open(InterfaceOptions watched) => live.OpenGroup(watched.Name, watched.Threads, options.Value);
}
