using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Appliance.Bmc.Simulation;

/// <summary>How a simulated board is built and what it starts with.</summary>
public sealed record SimulatorOptions
{
    public required BoardProfile Profile { get; init; }

    /// <summary>Where it listens; port 0 takes a free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>Where it stands for the board's port 80, which leads to HTTPS; null leaves that away. A v1 board has no other than Listen.</summary>
    public IPEndPoint? ListenPlain { get; init; }

    public string UserName { get; init; } = "root";

    public required string Password { get; init; }

    /// <summary>Shown to clients; null makes one as the firmware does, RSA 4096 and valid for 30 days.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>What the four slots hold; by default the board of the setup guide.</summary>
    public IReadOnlyList<SimulatedModule> Modules { get; init; } =
        [SimulatedModule.Cm4, SimulatedModule.Cm4, SimulatedModule.Jetson, SimulatedModule.None];

    /// <summary>Which slots were on when the board last wrote its state, slot 1 in bit 0.</summary>
    public byte StoredPower { get; init; }

    /// <summary>Size of the microSD card; 0 is none.</summary>
    public long SdCardBytes { get; init; }

    /// <summary>What `local` finds on the microSD card: paths there, for example /mnt/sdcard/x.img, to files of this host.</summary>
    public IReadOnlyDictionary<string, string> SdCardFiles { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>1 takes the board's own time for each step, 0 none at all.</summary>
    public double Pace { get; init; } = 1;

    /// <summary>One request at a time, as the daemon's authentication lock makes it.</summary>
    public bool Serialized { get; init; } = true;

    /// <summary>Told that a module boots: its slot (1 to 4), and what was written to it or null. Called on the board's own threads.</summary>
    public Action<int, WrittenImage?>? OnBoot { get; init; }

    /// <summary>Told that a slot has lost its power.</summary>
    public Action<int>? OnPowerOff { get; init; }

    /// <summary>What is written to a module boots in a virtual machine; null only tells on the console that it would.</summary>
    public QemuBoot? Boot { get; init; }

    /// <summary>What goes wrong, from the start or later.</summary>
    public BoardFaults Faults { get; init; } = new();

    // The generated text would hold the password.
    public override string ToString() => $"{Profile} at {Listen}";
}
