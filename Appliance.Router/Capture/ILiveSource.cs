namespace Appliance.Router.Capture;

/// <summary>Frames of a network interface.</summary>
public interface ILiveSource : IPacketSource
{
    /// <summary>Frames read, whether given out or not. May be read from any thread, as the kernel's counts.</summary>
    long ReadCount { get; }

    /// <summary>Frames that the kernel has counted for this source: those that can be read and those that it lost.</summary>
    long KernelCount { get; }

    /// <summary>False while the interface is down; the source goes on by itself when it is up again.</summary>
    bool IsUp { get; }

    /// <summary>Called on the reading thread when the interface has gone down or come up.</summary>
    Action? LinkChanged { get; set; }
}
