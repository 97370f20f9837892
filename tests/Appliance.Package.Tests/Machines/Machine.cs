using System.Diagnostics;
using System.Globalization;
using Appliance.Tests.Shared;

namespace Appliance.Package.Tests.Machines;

/// <summary>A machine with systemd as its process 1, on top of this one's files, which it leaves as they are.</summary>
internal sealed class Machine : IDisposable
{
    private readonly TempFolder _scratch = new();
    private readonly Process _outer;
    private readonly string _init;

    /// <param name="prepare">Shell commands that are run in it before systemd.</param>
    public Machine(string prepare)
    {
        Directory.CreateDirectory(_scratch.File("shared"));
        File.WriteAllText(_scratch.File("shared/prepare"), $"set -eu\n{prepare}\n");
        _outer = Tool.Start(
            "unshare", "--mount", "--pid", "--net", "--uts", "--ipc", "--cgroup", "--fork", "--kill-child",
            Path.Combine(Checkout.Root, "tests/Appliance.Package.Tests/Machines/boot"), _scratch.Path, "sh /shared/prepare");
        _init = FindInit();
        Until("systemctl is-system-running --wait | grep -E 'running|degraded'");
    }

    /// <summary>Skips the test where no such machine can be had.</summary>
    public static void Require()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "A machine of its own takes root.");
        Tool.Require(("/usr/lib/systemd/systemd", "systemd"), ("/usr/bin/dbus-daemon", "dbus"), ("/usr/bin/unshare", "util-linux"), ("/usr/bin/dpkg", "dpkg"));
    }

    /// <summary>Copies a file or a folder into it.</summary>
    public void Put(string file, string path)
    {
        Tool.Run("cp", "-r", file, _scratch.File($"shared/{Path.GetFileName(path)}"));
        Run($"mv /shared/{Path.GetFileName(path)} {path}");
    }

    public string Run(string command)
    {
        var (code, output) = Try(command);
        return code == 0 ? output : throw new InvalidOperationException($"'{command}' ended with {code}: {output}");
    }

    public (int Code, string Output) Try(string command) => Tool.Try("nsenter", "-t", _init, "-a", "sh", "-c", command);

    /// <summary>Asks again until the command succeeds.</summary>
    public void Until(string command)
    {
        var limit = TimeProvider.System.GetTimestamp();
        (int Code, string Output) last;
        while ((last = Try(command)).Code != 0)
        {
            if (_outer.HasExited || TimeProvider.System.GetElapsedTime(limit) > TimeSpan.FromMinutes(2))
            {
                throw new TimeoutException($"'{command}' did not come true: {last.Output}\n{Log()}");
            }
        }
    }

    public string Log() => Try("journalctl --no-pager -o cat -u 'appliance*' | tail -n 60").Output + Read("shared/prepare.log");

    public void Dispose()
    {
        // The machine ends with it: unshare was told to.
        _outer.Kill();
        _outer.WaitForExit();
        _outer.Dispose();
        _scratch.Dispose();
    }

    private string Read(string name) => File.Exists(_scratch.File(name)) ? File.ReadAllText(_scratch.File(name)) : "";

    // Its first process becomes systemd once all is prepared.
    private string FindInit()
    {
        var limit = TimeProvider.System.GetTimestamp();
        while (!_outer.HasExited && TimeProvider.System.GetElapsedTime(limit) < TimeSpan.FromMinutes(5))
        {
            var child = Tool.Try("pgrep", "-P", _outer.Id.ToString(CultureInfo.InvariantCulture)).Output.Trim();
            if (child.Length > 0 && File.Exists($"/proc/{child}/comm") && File.ReadAllText($"/proc/{child}/comm").Trim() == "systemd")
            {
                return child;
            }
        }

        throw new InvalidOperationException($"No systemd: {Read("shared/prepare.log")}{(_outer.HasExited ? _outer.StandardError.ReadToEnd() : "")}");
    }
}
