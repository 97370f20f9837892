using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Appliance.Bmc.Simulation;

/// <summary>A slot's module as a virtual machine: with power qemu runs on what is written to it, without there is no process.</summary>
internal sealed class QemuMachine : IDisposable
{
    private const int DamagedBytes = 1 << 20;
    private const int MonitorMilliseconds = 10_000;

    // A process that was killed is gone in milliseconds, unless its disk hangs.
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(10);

    private readonly QemuBoot _boot;
    private readonly int _slot;
    private readonly ConsoleBuffer _console;
    private readonly Lock _gate = new();
    private Process? _process;
    private Thread? _thread;
    private string _monitor = "";

    public QemuMachine(QemuBoot boot, int slot, ConsoleBuffer console)
    {
        (_boot, _slot, _console) = (boot, slot, console);
        Directory.CreateDirectory(boot.Folder);
    }

    public string Disk => Path.Combine(Path.GetFullPath(_boot.Folder), $"slot{_slot}.img");

    /// <summary>False until something was written to it.</summary>
    public bool HasDisk => File.Exists(Disk);

    /// <summary>Throws what of the host is missing.</summary>
    public static void Check(QemuBoot boot)
    {
        if (!File.Exists(boot.Firmware))
        {
            throw new IOException($"{boot.Firmware} is not there, with which modules start; install u-boot-qemu, or name another.");
        }

        foreach (var (program, package) in ((string, string)[])[(boot.Program, "qemu-system-arm"), ("setpriv", "util-linux")])
        {
            if (!IsInstalled(program))
            {
                throw new IOException($"{program} is missing; install {package}.");
            }
        }
    }

    public SlotDisk Rewrite() => new(Disk, _boot.DiskBytes);

    public void Start()
    {
        lock (_gate)
        {
            if (_thread is not null || !HasDisk)
            {
                return;
            }

            _monitor = Path.Combine(Path.GetTempPath(), $"appliance-qemu-{Guid.NewGuid():N}");
            var begun = new TaskCompletionSource<Process?>();

            // A thread of its own, that lives as long: the kernel's word that a parent has died is about the thread (prctl(2), PR_SET_PDEATHSIG).
            _thread = new Thread(() => Run(begun)) { IsBackground = true, Name = $"qemu of slot {_slot}" };
            _thread.Start();
            _process = begun.Task.GetAwaiter().GetResult();
        }
    }

    /// <summary>Cuts the power; returns when the process is gone, so the disk is free.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            if (_thread is null)
            {
                return;
            }

            _process?.Kill();
            _thread.Join(EndTime);
            _process?.Dispose();
            (_thread, _process) = (null, null);
            File.Delete(_monitor);
        }
    }

    /// <summary>Types a line, as the board's daemon ends it. False where nothing runs.</summary>
    public bool Type(string line)
    {
        lock (_gate)
        {
            if (_process is not { HasExited: false } process)
            {
                return false;
            }

            try
            {
                var input = process.StandardInput.BaseStream;
                input.Write(Encoding.UTF8.GetBytes(line + "\r\n"));
                input.Flush();
            }
            catch (IOException)
            {
                // It has just ended.
            }

            return true;
        }
    }

    /// <summary>Stops its processors where they are: all of it is silent until the power is cut.</summary>
    public void Freeze()
    {
        lock (_gate)
        {
            if (_process is not { HasExited: false })
            {
                return;
            }

            using var monitor = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = MonitorMilliseconds };
            monitor.Connect(new UnixDomainSocketEndPoint(_monitor));
            monitor.Send("stop\n"u8);

            // Until it was carried out, which the prompt after the echo says.
            var answer = new StringBuilder();
            var buffer = new byte[1024];
            while (answer.ToString().Split("(qemu)").Length < 3 && monitor.Receive(buffer) is > 0 and var count)
            {
                answer.Append(Encoding.ASCII.GetString(buffer, 0, count));
            }
        }
    }

    /// <summary>Spoils the beginning of its flash, partition table and all.</summary>
    public void Damage()
    {
        if (HasDisk)
        {
            using var file = File.OpenWrite(Disk);
            file.Write(new byte[DamagedBytes]);
        }
    }

    public void Dispose() => Stop();

    private static bool IsInstalled(string program) => Path.IsPathRooted(program)
        ? File.Exists(program)
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Starts it, and puts what it prints on the slot's console until it ends.</summary>
    private void Run(TaskCompletionSource<Process?> begun)
    {
        var start = new ProcessStartInfo("setpriv", QemuArguments.Of(_boot, _slot, Disk, _monitor))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = new Process { StartInfo = start };
        try
        {
            // What qemu itself has to say belongs to nobody's console but this one.
            process.ErrorDataReceived += (_, line) => Tell(line.Data);
            process.Start();
            process.BeginErrorReadLine();
        }
        catch (Win32Exception error)
        {
            process.Dispose();
            Tell($"qemu cannot be started: {error.Message}");
            begun.SetResult(null);
            return;
        }

        var output = process.StandardOutput.BaseStream;
        begun.SetResult(process);
        var buffer = new byte[4096];
        while (output.Read(buffer) is > 0 and var count)
        {
            _console.Write(buffer.AsSpan(0, count));
        }

        process.WaitForExit();
    }

    private void Tell(string? line)
    {
        if (line is not null)
        {
            _console.Write(Encoding.UTF8.GetBytes($"[simulator] {line}\r\n"));
        }
    }
}
