using System.Text;

namespace Appliance.Bmc.Simulation;

/// <summary>One slot: its module, what is on it, and its serial port. The hardware's lock is held by whoever calls.</summary>
internal sealed class ModuleSlot(int node, SimulatedModule module, ConsoleBuffer console)
{
    public SimulatedModule Module => module;

    public ConsoleBuffer Console => console;

    /// <summary>What boots its flash; null where that is only told.</summary>
    public QemuMachine? Machine { get; init; }

    public bool IsPowered { get; private set; }

    /// <summary>True from a power-on with the boot pin set until the power goes: a USB device of the BMC, and no computer.</summary>
    public bool IsInLoader { get; private set; }

    /// <summary>True since it has put something on its console.</summary>
    public bool HasBooted { get; private set; }

    /// <summary>True while its kernel is dead, until it is cut from power.</summary>
    public bool IsHung { get; set; }

    /// <summary>What was written to it; null is what it came with, which boots.</summary>
    public WrittenImage? Content { get; set; }

    /// <summary>A driver of the daemon finds a disk here; a CM4 without eMMC has none to show.</summary>
    public bool ShowsDisk => IsInLoader && module is (SimulatedModule.Cm4 or SimulatedModule.Rk1);

    /// <summary>A terminal that echoes what is typed.</summary>
    public bool HasTerminal => IsPowered && !IsInLoader && !IsHung && module != SimulatedModule.None && Content is not { IsWhole: false };

    /// <summary>Switches the rail; true when a module has booted by that.</summary>
    public bool Switch(bool on, bool bootPin)
    {
        var rises = on && !IsPowered;
        IsPowered = on;
        if (!on)
        {
            IsInLoader = IsHung = false;
        }

        if (!rises || module == SimulatedModule.None)
        {
            return false;
        }

        IsInLoader = bootPin;
        if (!bootPin)
        {
            HasBooted = true;
            if (Machine is not { HasDisk: true })
            {
                Console.Write(Encoding.ASCII.GetBytes("\r\nStarting kernel ...\r\n\r\n" + BootText()));
            }
        }

        return !bootPin;
    }

    private string BootText() => Content switch
    {
        { IsWhole: false } => "Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\r\n",
        { Label: { } label } => $"appliance: image {label.Version}, role {label.Role}, node {label.Node}\r\n\r\n{label.Node} login: ",
        _ => $"slot{node + 1} login: ",
    };
}
