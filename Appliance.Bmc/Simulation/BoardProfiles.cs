using System.Collections.Frozen;

namespace Appliance.Bmc.Simulation;

/// <summary>The firmware generations that can be simulated.</summary>
public static class BoardProfiles
{
    /// <summary>All profiles, newest first.</summary>
    public static IReadOnlyList<BoardProfile> All { get; } =
    [
        // bmcd 2.3.7 on a v2.5 board; types and texts from its api/legacy.rs.
        new()
        {
            Name = "2.3.7",
            ApiVersion = "1.1",
            FirmwareVersion = "2.1.0",
            BuildTime = "2025-02-23 11:12:19-00:00",
            Buildroot = "Buildroot 2024.05.3",
            BoardModel = "Turing Pi 2",
            BoardRevision = "v2.5.1",
            Readable = Types(
                "about", "cooling", "info", "node_info", "nodeinfo", "other", "power", "sdcard", "uart", "usb", "usb_node1"),
            Writable = Types(
                "clear_usb_boot", "cooling", "network", "node_to_msd", "nodeinfo", "power", "reboot", "reload", "reset",
                "sdcard", "uart", "usb", "usb_boot", "usb_node1"),
            AllowedFailures = 5,
            FirstBan = TimeSpan.FromSeconds(60),
            BanDoublings = 10,
            TokenLifetime = TimeSpan.FromSeconds(10800),
            WriteDelay = TimeSpan.FromSeconds(3),
            OtherUsbRoute = "AlternativePort",
            UsbHub = true,
            CoolingDevice = "system fan",
            MaxFanSpeed = 6,
            ConsoleReadConsumes = false,
            FlashProcess = "os install service",
            FirmwareProcess = "firmware upgrade service",
        },
    ];

    /// <summary>Finds a profile by the daemon's version.</summary>
    public static BoardProfile? Find(string name) => All.FirstOrDefault(profile => profile.Name == name);

    /// <summary>The names, for a message that says what can be chosen.</summary>
    public static string Names() => string.Join(", ", All.Select(profile => profile.Name));

    private static FrozenSet<string> Types(params string[] names) => names.ToFrozenSet(StringComparer.Ordinal);
}
