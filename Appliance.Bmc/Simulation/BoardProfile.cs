namespace Appliance.Bmc.Simulation;

/// <summary>What one firmware generation says and does differently, as data; unless said, as bmcd 2.3.7 does it.</summary>
public sealed record BoardProfile
{
    /// <summary>The daemon's version, by which the profile is named; "v1" for firmware up to 1.1.0, which had no such daemon.</summary>
    public required string Name { get; init; }

    /// <summary>HTTPS, log-in and the daemon's grammar; false for v1: plain HTTP, nobody asked who he is, a grammar of its own.</summary>
    public bool Secure { get; init; } = true;

    /// <summary>What `about` says, in the order of its keys. Which key holds the daemon's version changed with 2.3.5.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> About { get; init; }

    /// <summary>What `other` says.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Other { get; init; }

    /// <summary>Address of br0 as `info` tells it; IPv6 too.</summary>
    public required string NetworkAddress { get; init; }

    public required string MacAddress { get; init; }

    /// <summary>Values of `type` that `opt=get` answers.</summary>
    public required IReadOnlySet<string> Readable { get; init; }

    /// <summary>Values of `type` that `opt=set` answers.</summary>
    public required IReadOnlySet<string> Writable { get; init; }

    /// <summary>Methods that the API's one resource names when it is asked by another.</summary>
    public string AllowedMethods { get; init; } = "GET, POST";

    /// <summary>Failures in a row after which a peer is banned.</summary>
    public int AllowedFailures { get; init; } = 5;

    public TimeSpan FirstBan { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a ban doubles at most.</summary>
    public int BanDoublings { get; init; } = 10;

    /// <summary>Lifetime of a token since its last use.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromSeconds(10800);

    /// <summary>How long a changed state may wait before it is written to flash.</summary>
    public TimeSpan WriteDelay { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Name of a USB route that does not lead to the BMC.</summary>
    public string OtherUsbRoute { get; init; } = "AlternativePort";

    /// <summary>True when `usb` tells its bus.</summary>
    public bool TellsUsbBus { get; init; } = true;

    /// <summary>True for boards from v2.5 on, where all slots hang on a hub.</summary>
    public bool UsbHub { get; init; } = true;

    /// <summary>True where the hardware holds the slots' power while the BMC reboots: boards from v2.5 on.</summary>
    public bool LatchesPower { get; init; } = true;

    /// <summary>Name of the fan, or null where firmware or board has none.</summary>
    public string? CoolingDevice { get; init; } = "system fan";

    public int MaxFanSpeed { get; init; } = 6;

    /// <summary>True when reading a console empties its buffer.</summary>
    public bool ConsoleReadConsumes { get; init; }

    /// <summary>True where consoles are a service of their own, with a state to ask for and a websocket.</summary>
    public bool SerialService { get; init; } = true;

    /// <summary>True when `sha256`, `skip_crc` and a URL as `file` are understood; else they are passed over.</summary>
    public bool TransferChecks { get; init; } = true;

    /// <summary>True when a file whose name ends in ".xz" is decoded on its way.</summary>
    public bool DecodesXz { get; init; } = true;

    /// <summary>The key of `about` and `other` that holds the firmware's version, not the daemon's.</summary>
    public string FirmwareKey { get; init; } = "version";

    /// <summary>True when an upload that ends early is refused; else it is answered with 200 and the worker fails by itself.</summary>
    public bool RefusesShortUpload { get; init; } = true;

    /// <summary>True when the verify pass counts bytes, from 0 again.</summary>
    public bool CountsVerify { get; init; } = true;

    /// <summary>True when a failed flash too switches its slot off and the USB back.</summary>
    public bool CleansUpFailedFlash { get; init; } = true;

    /// <summary>What follows "Node N " in the name of a running flash.</summary>
    public string FlashProcess { get; init; } = "os install service";

    public string FirmwareProcess { get; init; } = "firmware upgrade service";

    /// <summary>What the program that installs firmware is called when it fails.</summary>
    public string FirmwareStep { get; init; } = "firmware upgrade";

    public override string ToString() => Name;
}
