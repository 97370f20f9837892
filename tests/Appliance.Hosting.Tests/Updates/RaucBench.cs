using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting.Updates;
using Appliance.Tests.Shared;

namespace Appliance.Hosting.Tests.Updates;

/// <summary>A node with two slots made of files: the real rauc with its service on a bus of its own, and a U-Boot environment that the real tools read and write.</summary>
internal sealed class RaucBench : IAsyncDisposable
{
    public const string Compatible = "appliance-virt";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TempFolder _folder = new();
    private readonly List<Process> _children = [];
    private Process? _service;

    private RaucBench() => Paths = new UpdatePaths
    {
        Image = _folder.File("image.json"),
        CommandLine = _folder.File("cmdline"),
        BootId = _folder.File("boot_id"),
        Certificate = _folder.File("update.crt"),
        Shared = _folder.File("shared"),
        Rauc = _folder.File("rauc"),
    };

    public UpdatePaths Paths { get; }

    /// <param name="isChecked">With the handler that asks before each install.</param>
    /// <summary>Skips the test where the tools are missing; else the node runs slot A with version 1.0.0.</summary>
    public static async Task<RaucBench> StartAsync(bool isChecked = false)
    {
        foreach (var tool in (string[])["rauc", "dbus-daemon", "fw_setenv", "mkenvimage", "mksquashfs", "openssl"])
        {
            Assert.SkipUnless(Array.Exists(["/usr/bin", "/usr/sbin", "/bin"], (string folder) => File.Exists(Path.Combine(folder, tool))), $"{tool} is not installed.");
        }

        Assert.SkipUnless(Environment.UserName == "root" && File.Exists("/dev/loop-control"), "rauc mounts bundles, which takes root and loop devices.");
        var bench = new RaucBench();
        bench.WriteFiles(isChecked);
        bench.StartBus();
        await bench.BootAsync("A", "1.0.0");
        return bench;
    }

    /// <summary>What a slot's device holds.</summary>
    public byte[] Slot(string name) => File.ReadAllBytes(_folder.File($"root-{name}"));

    public string FileOf(string name) => _folder.File(name);

    /// <summary>The bytes that a bundle writes to the root slot.</summary>
    public static byte[] Payload(string version) => [.. Enumerable.Repeat(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(version)), 32 * 1024).SelectMany(part => part)];

    /// <summary>A bundle as the image's build makes it, but without verity, which takes a kernel with device mapper.</summary>
    public byte[] Bundle(string version, string compatible = Compatible, string signer = "update")
    {
        var content = Directory.CreateDirectory(_folder.File($"content-{Guid.NewGuid():N}")).FullName;
        File.WriteAllBytes(Path.Combine(content, "root.img"), Payload(version));
        File.WriteAllText(Path.Combine(content, "boot.img"), version);
        File.WriteAllText(
            Path.Combine(content, "manifest.raucm"),
            $"[update]\ncompatible={compatible}\nversion={version}\n[bundle]\nformat=plain\n[image.rootfs]\nfilename=root.img\n[image.boot]\nfilename=boot.img\n");
        var bundle = content + ".raucb";
        Run("/usr/bin/rauc", "bundle", $"--cert={_folder.File($"{signer}.crt")}", $"--key={_folder.File($"{signer}.key")}", content, bundle);
        return File.ReadAllBytes(bundle);
    }

    /// <summary>What the bootloader keeps.</summary>
    public string Variable(string name) => Run(_folder.File("bin/fw_printenv"), "-n", name).Trim();

    /// <summary>Does what the boot script does: takes the first slot that has a try left, and takes one from it.</summary>
    public string ChooseSlot()
    {
        foreach (var slot in Variable("BOOT_ORDER").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var left = int.Parse(Variable($"BOOT_{slot}_LEFT"), System.Globalization.CultureInfo.InvariantCulture);
            if (left > 0)
            {
                Run(_folder.File("bin/fw_setenv"), $"BOOT_{slot}_LEFT", (left - 1).ToString(System.Globalization.CultureInfo.InvariantCulture));
                return slot;
            }
        }

        throw new InvalidOperationException("No slot has a try left.");
    }

    /// <summary>The machine comes up in a slot: another boot id, and rauc's service started there.</summary>
    public async Task BootAsync(string slot, string version)
    {
        Kill();
        File.WriteAllText(Paths.CommandLine, $"console=ttyAMA0 rauc.slot={slot} root=PARTLABEL=root-{slot}\n");
        File.WriteAllText(Paths.BootId, $"{Guid.NewGuid()}\n");
        File.WriteAllText(Paths.Image, $$"""{"version":"{{version}}","target":"virt","compatible":"{{Compatible}}"}""");
        _service = Start("/usr/bin/rauc", "-c", _folder.File("system.conf"), $"--override-boot-slot={slot}", "service");
        var start = TimeProvider.System.GetTimestamp();
        while (!Answers())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, "rauc's service does not answer.");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The power goes.</summary>
    public void Kill()
    {
        if (_service is { HasExited: false })
        {
            _service.Kill(entireProcessTree: true);
            _service.WaitForExit();
        }

        Unmount();
    }

    /// <summary>Makes the slot's device a pipe that nobody empties, so that the write to it never ends.</summary>
    public FileStream HoldWriteTo(string slot)
    {
        File.Delete(_folder.File($"root-{slot}"));
        Run("/usr/bin/mkfifo", _folder.File($"root-{slot}"));
        return new FileStream(_folder.File($"root-{slot}"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 1);
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        foreach (var child in _children)
        {
            if (!child.HasExited)
            {
                child.Kill();
                await child.WaitForExitAsync();
            }

            child.Dispose();
        }

        _folder.Dispose();
    }

    private void WriteFiles(bool isChecked)
    {
        foreach (var signer in (string[])["update", "stranger"])
        {
            using var key = RSA.Create(2048);
            var request = new CertificateRequest($"CN={signer}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
            using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddYears(1));
            File.WriteAllText(_folder.File($"{signer}.crt"), certificate.ExportCertificatePem());
            File.WriteAllText(_folder.File($"{signer}.key"), key.ExportPkcs8PrivateKeyPem());
        }

        foreach (var device in (string[])["root-A", "root-B", "boot-A", "boot-B"])
        {
            using var file = File.Create(_folder.File(device));
            file.SetLength(2 << 20);
        }

        Directory.CreateDirectory(_folder.File("mnt"));
        Directory.CreateDirectory(_folder.File("bin"));
        Directory.CreateDirectory(_folder.File("shared"));
        File.WriteAllText(_folder.File("system.conf"), Configuration(isChecked ? Handler() : ""));
        File.WriteAllText(_folder.File("fw_env.config"), $"{_folder.File("env")} 0x0 0x4000\n");
        File.WriteAllText(_folder.File("first.env"), "BOOT_ORDER=A B\nBOOT_A_LEFT=2\nBOOT_B_LEFT=0\n");
        Run("/usr/bin/mkenvimage", "-s", "0x4000", "-o", _folder.File("env"), _folder.File("first.env"));
        foreach (var tool in (string[])["fw_printenv", "fw_setenv"])
        {
            Script($"bin/{tool}", $"exec /usr/bin/{tool} -c {_folder.File("fw_env.config")} \"$@\"");
        }

        Script("rauc", $"DBUS_SYSTEM_BUS_ADDRESS=unix:path={_folder.File("bus")} exec /usr/bin/rauc -c {_folder.File("system.conf")} \"$@\"");
    }

    // The product's own, asking a program that refuses everything and writes down what it was asked.
    private string Handler()
    {
        Script("appliance", $"echo \"$@\" > {_folder.File("asked")}; exit 1");
        var text = File.ReadAllText(Path.Combine(Checkout.Root, "image", "base", "usr", "lib", "appliance", "check-bundle"));
        Script("check-bundle", text.Replace("/usr/bin/appliance", _folder.File("appliance"), StringComparison.Ordinal));
        return _folder.File("check-bundle");
    }

    // The product's own template, with what differs here put in its place.
    private string Configuration(string handler)
    {
        var text = File.ReadAllText(Path.Combine(Checkout.Root, "image", "base", "etc", "rauc", "system.conf.in"));
        (string From, string To)[] places =
        [
            ("appliance-@TARGET@", Compatible),
            ("bundle-formats=verity", "bundle-formats=plain verity"),
            ("/usr/share/appliance/update.crt", Paths.Certificate),
            ("[handlers]\npre-install=/usr/lib/appliance/check-bundle\n", handler.Length > 0 ? $"[handlers]\npre-install={handler}\n" : ""),
            ("/var/lib/appliance/rauc.status", _folder.File("rauc.status")),
            ("activate-installed=false", $"activate-installed=false\nmountprefix={_folder.File("mnt")}"),
            ("/dev/disk/by-partlabel/root-a", _folder.File("root-A")),
            ("/dev/disk/by-partlabel/root-b", _folder.File("root-B")),
            ("/dev/disk/by-partlabel/boot-a", _folder.File("boot-A")),
            ("/dev/disk/by-partlabel/boot-b", _folder.File("boot-B")),
        ];
        foreach (var (from, to) in places)
        {
            Assert.Contains(from, text, StringComparison.Ordinal);
            text = text.Replace(from, to, StringComparison.Ordinal);
        }

        return text;
    }

    private void StartBus()
    {
        File.WriteAllText(
            _folder.File("bus.conf"),
            $"""
            <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
            <busconfig><type>session</type><listen>unix:path={_folder.File("bus")}</listen>
            <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy></busconfig>
            """);
        var daemon = Start("/usr/bin/dbus-daemon", "--nofork", "--nopidfile", "--print-address", $"--config-file={_folder.File("bus.conf")}");
        _children.Add(daemon);
        // It prints once it listens; a service that comes before ends.
        Assert.NotNull(daemon.StandardOutput.ReadLine());
    }

    private bool Answers()
    {
        using var asked = Start(Paths.Rauc, "status");
        asked.WaitForExit();
        return asked.ExitCode == 0;
    }

    private void Unmount()
    {
        foreach (var line in File.ReadAllLines("/proc/mounts").Select(line => line.Split(' ')[1]).Where(at => at.StartsWith(_folder.Path, StringComparison.Ordinal)))
        {
            Run("/usr/bin/umount", "-d", line);
        }
    }

    private void Script(string name, string text)
    {
        File.WriteAllText(_folder.File(name), $"#!/bin/sh\n{text}\n");
        File.SetUnixFileMode(_folder.File(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string Run(string program, params string[] arguments)
    {
        using var child = Start(program, arguments);
        var output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return child.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {child.ExitCode}: {output}");
    }

    private Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DBUS_SYSTEM_BUS_ADDRESS"] = $"unix:path={_folder.File("bus")}";
        start.Environment["PATH"] = $"{_folder.File("bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        var child = Process.Start(start)!;
        // Nobody reads it, and a full pipe would stop the child.
        child.ErrorDataReceived += (_, _) => { };
        child.BeginErrorReadLine();
        return child;
    }
}
