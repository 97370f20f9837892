using System.Diagnostics;

namespace Appliance.Image.Tests;

/// <summary>Runs a program of the machine to its end, within a deadline.</summary>
internal static class Tool
{
    /// <summary>What the scripts need, and the Debian package that brings it; `./test` installs them.</summary>
    private static readonly (string Command, string Package)[] Needed =
    [
        ("apt-get", "apt"), ("dpkg-deb", "dpkg"), ("git", "git"), ("cpio", "cpio"), ("depmod", "kmod"), ("mksquashfs", "squashfs-tools"), ("mkfs.vfat", "dosfstools"),
        ("mcopy", "mtools"), ("sfdisk", "fdisk"), ("mke2fs", "e2fsprogs"), ("mkimage", "u-boot-tools"), ("systemctl", "systemd"), ("jq", "jq"), ("rauc", "rauc"),
        ("zstd", "zstd"), ("curl", "curl"), ("openssl", "openssl"), ("qemu-system-aarch64", "qemu-system-arm"), ("fdtdump", "device-tree-compiler"), ("fw_printenv", "libubootenv-tool"),
    ];

    public sealed record Result(int ExitCode, string Output, string Error)
    {
        public string All => Output + Error;

        /// <summary>Its output, where it ended well; what it said is the failure's text otherwise.</summary>
        public string Succeeded()
        {
            Assert.True(ExitCode == 0, $"exit code {ExitCode}: {All}");
            return Output;
        }
    }

    public static string[] Missing() => [.. Needed.Where(tool => Find(tool.Command) is null).Select(tool => tool.Package)];

    public static void SkipWhenMissing() => Assert.SkipWhen(Missing().Length > 0, $"Debian packages are missing: {string.Join(' ', Missing())}.");

    public static string? Find(string name)
        => (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin").Split(':')
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    public static Task<Result> RunAsync(string program, params IEnumerable<string> arguments) => RunAsync(TimeSpan.FromMinutes(2), new Dictionary<string, string>(), program, arguments);

    public static async Task<Result> RunAsync(TimeSpan deadline, IReadOnlyDictionary<string, string> environment, string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Find(program) ?? program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(deadline);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        return new Result(process.ExitCode, await output, await error);
    }
}
