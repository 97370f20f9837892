using System.Collections.Frozen;

namespace Appliance.Bmc.Simulation;

/// <summary>The firmware generations that can be simulated.</summary>
public static class BoardProfiles
{
    // An address of the documentation range (RFC 5737) and a locally administered MAC.
    private const string Address = "192.0.2.10";
    private const string MacAddress = "02:00:00:54:50:02";

    // The file /etc/os-release quotes its names, and `other` passes the quote marks on.
    private const string Buildroot = "\"Buildroot 2024.05.3\"";
    private const string OldBuildroot = "\"Buildroot 2022.08-git\"";

    private static readonly string[] FirstReadable = ["about", "info", "nodeinfo", "other", "power", "sdcard", "uart", "usb"];

    private static readonly string[] FirstWritable =
        ["clear_usb_boot", "network", "node_to_msd", "nodeinfo", "power", "reboot", "reload", "reset", "sdcard", "uart", "usb", "usb_boot"];

    // bmcd 2.3.7 on a v2.5 board; types and texts from its api/legacy.rs.
    private static readonly BoardProfile Newest = new()
    {
        Name = "2.3.7",
        About =
        [
            new("api", "1.1"),
            new("bmcd_version", "2.3.7"),
            new("board_model", "Turing Pi 2"),
            new("board_revision", "v2.5.1"),
            new("buildroot", "Buildroot 2024.05.3"),
            new("buildtime", "2025-02-23 11:12:19-00:00"),
            new("hostname", "turingpi"),
            new("version", "2.1.0"),
        ],
        Other =
        [
            new("api", "1.1"),
            new("buildroot", Buildroot),
            new("buildtime", "2025-02-23 11:12:19-00:00"),
            new("ip", Address),
            new("mac", MacAddress),
            new("version", "2.1.0"),
        ],
        NetworkAddress = Address,
        MacAddress = MacAddress,
        Readable = Types([.. FirstReadable, "cooling", "node_info", "usb_node1"]),
        Writable = Types([.. FirstWritable, "cooling", "usb_node1"]),
    };

    /// <summary>All profiles, newest first.</summary>
    public static IReadOnlyList<BoardProfile> All { get; } =
    [
        Newest,

        // Firmware 2.1.0 on a v2.4 board with one USB bus, whose model comes with the padding of its EEPROM, and which does not find
        // its own IPv4 address (BMC-Firmware thread 246).
        Newest with
        {
            Name = "2.3.4",
            About =
            [
                new("api", "1.1"),
                new("board_model", "Turing Pi 2\0\0\0\0\0"),
                new("board_revision", "v2.4.0"),
                new("build_version", "2.1.0"),
                new("buildroot", "Buildroot 2024.05.3"),
                new("buildtime", "2025-01-14 09:35:02-00:00"),
                new("hostname", "turingpi"),
                new("version", "2.3.4"),
            ],
            Other =
            [
                new("api", "1.1"),
                new("build_version", "2.1.0"),
                new("buildroot", Buildroot),
                new("buildtime", "2025-01-14 09:35:02-00:00"),
                new("ip", "Unknown"),
                new("mac", "Unknown"),
                new("version", "2.3.4"),
            ],
            FirmwareKey = "build_version",
            NetworkAddress = "2001:db8::10",
            UsbHub = false,
            LatchesPower = false,
            CoolingDevice = "cooling_device0",
            MaxFanSpeed = 10,
        },

        // Firmware 2.0.5 on a v2.4 board; what its transfers lack is from app/upgrade_worker.rs of that time.
        Newest with
        {
            Name = "2.0.5",
            About =
            [
                new("api", "1.1"),
                new("build_version", "2.0.5"),
                new("buildroot", "Buildroot 2022.08-git"),
                new("buildtime", "2023-12-21 15:18:06-00:00"),
                new("version", "2.0.5"),
            ],
            Other =
            [
                new("api", "1.1"),
                new("build_version", "2.0.5"),
                new("buildroot", OldBuildroot),
                new("buildtime", "2023-12-21 15:18:06-00:00"),
                new("ip", Address),
                new("mac", MacAddress),
                new("version", "2.0.5"),
            ],
            Readable = Types(FirstReadable),
            Writable = Types(FirstWritable),
            AllowedMethods = "GET",
            OtherUsbRoute = "UsbA",
            TellsUsbBus = false,
            UsbHub = false,
            LatchesPower = false,
            CoolingDevice = null,
            ConsoleReadConsumes = true,
            SerialService = false,
            TransferChecks = false,
            DecodesXz = false,
            FirmwareKey = "build_version",
            RefusesShortUpload = false,
            CountsVerify = false,
            CleansUpFailedFlash = false,
            FlashProcess = "upgrade service",
            FirmwareProcess = "os upgrade service",
            FirmwareStep = "os_update",
        },

        // Firmware 1.1.0, a C program on GoAhead: app/bmc/webserver.c.
        Newest with
        {
            Name = "v1",
            Secure = false,
            About = [],
            Other = [new("version", "1.1.0"), new("buildtime", "2023-07-28"), new("ip", Address), new("mac", MacAddress)],
            Readable = Types("nodeinfo", "other", "power", "sdcard", "uart", "usb"),
            Writable = Types(
                "clear_usb_boot", "firmware", "flash", "network", "node_to_msd", "nodeinfo", "power", "reset", "sdcard", "uart", "usb"),
            UsbHub = false,
            LatchesPower = false,
            CoolingDevice = null,
            ConsoleReadConsumes = true,
            SerialService = false,
        },
    ];

    /// <summary>Finds a profile by the daemon's version.</summary>
    public static BoardProfile? Find(string name) => All.FirstOrDefault(profile => profile.Name == name);

    /// <summary>The names, for a message that says what can be chosen.</summary>
    public static string Names() => string.Join(", ", All.Select(profile => profile.Name));

    private static FrozenSet<string> Types(params string[] names) => names.ToFrozenSet(StringComparer.Ordinal);
}
