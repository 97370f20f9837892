namespace Appliance.Bmc.Simulation;

/// <summary>What one firmware generation says and does differently, as data.</summary>
public sealed record BoardProfile
{
    /// <summary>The daemon's version, by which the profile is named.</summary>
    public required string Name { get; init; }

    /// <summary>The API version it reports; "1.1" in every release but one, so it tells nothing.</summary>
    public required string ApiVersion { get; init; }

    public required string FirmwareVersion { get; init; }

    public required string BuildTime { get; init; }

    public required string Buildroot { get; init; }

    public required string BoardModel { get; init; }

    public required string BoardRevision { get; init; }

    /// <summary>Values of `type` that `opt=get` answers.</summary>
    public required IReadOnlySet<string> Readable { get; init; }

    /// <summary>Values of `type` that `opt=set` answers.</summary>
    public required IReadOnlySet<string> Writable { get; init; }

    /// <summary>Failures in a row after which a peer is banned.</summary>
    public required int AllowedFailures { get; init; }

    public required TimeSpan FirstBan { get; init; }

    /// <summary>How often a ban doubles at most.</summary>
    public required int BanDoublings { get; init; }

    /// <summary>Lifetime of a token since its last use.</summary>
    public required TimeSpan TokenLifetime { get; init; }

    /// <summary>How long a changed state may wait before it is written to flash.</summary>
    public required TimeSpan WriteDelay { get; init; }

    /// <summary>Name of a USB route that does not lead to the BMC.</summary>
    public required string OtherUsbRoute { get; init; }

    /// <summary>True for boards from v2.5 on, where all slots hang on a hub.</summary>
    public required bool UsbHub { get; init; }

    public required string CoolingDevice { get; init; }

    public required int MaxFanSpeed { get; init; }

    /// <summary>True when reading a console empties its buffer.</summary>
    public required bool ConsoleReadConsumes { get; init; }

    /// <summary>What follows "Node N " in the name of a running flash.</summary>
    public required string FlashProcess { get; init; }

    public required string FirmwareProcess { get; init; }

    public override string ToString() => Name;
}
