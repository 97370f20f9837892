using System.Diagnostics;
using Appliance.Router.Nftables;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Network;

/// <summary>How dnsmasq is run: where the firewall enforces, with the rights it needs, and ended with the Router.</summary>
internal sealed class DnsmasqProgram(DnsmasqFolder folder, FirewallChoice firewall, ListedNames listed, IOptions<NetworkOptions> options, TimeProvider clock)
{
    // Named in full: a PATH is the caller's, these rights are not.
    public const string DnsmasqPath = "/usr/sbin/dnsmasq";
    private const string SetprivPath = "/usr/bin/setpriv";
    private const string UnsharePath = "/usr/bin/unshare";
    private const string UsersPath = "/etc/passwd";
    private const string ShellPath = "/bin/sh";
    private const string Rights = "-all,+net_admin,+net_raw,+net_bind_service";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan TestPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly ServiceAccount? _account = Environment.IsPrivilegedProcess && File.Exists(UsersPath) ? ServiceAccount.Find(File.ReadAllText(UsersPath)) : null;

    /// <summary>Completes when feeds may list other names than were written.</summary>
    public Task ListChanged { get; private set; } = new TaskCompletionSource().Task;

    /// <summary>What has to be installed first; null when all is there.</summary>
    public static string? Missing =>
        !File.Exists(DnsmasqPath) ? $"{DnsmasqPath} is missing; install Debian's package dnsmasq-base."
        : !File.Exists(SetprivPath) || !File.Exists(UnsharePath) ? $"{SetprivPath} or {UnsharePath} is missing; install Debian's package util-linux."
        : null;

    /// <summary>As a part of a sentence.</summary>
    public string Place => firewall.OpenPlace()?.Name ?? "this network namespace";

    /// <summary>The whole command. Each program in it becomes the next, so that there is one process.</summary>
    public IReadOnlyList<string> Command => [.. firewall.OpenPlace()?.Entrance ?? [], .. Mounted(), .. Limited(), DnsmasqPath, "--keep-in-foreground", $"--conf-file={folder.Seen}/{DnsmasqFolder.Configuration}"];

    /// <summary>Writes the settings and the names that do not exist.</summary>
    public Blocklist Write()
    {
        folder.Create();
        folder.GiveLeases(_account);
        folder.Write(DnsmasqFolder.Configuration, DnsmasqText.Render(options.Value, folder.Seen));
        return WriteBlocklist();
    }

    public Blocklist WriteBlocklist()
    {
        var (names, changed) = listed();
        ListChanged = changed;
        var blocklist = Blocklist.Read(options.Value.Blocklists, names, options.Value.Domain);
        folder.Write(DnsmasqFolder.Blocklist, blocklist.Render());
        return blocklist;
    }

    /// <summary>Has dnsmasq read the settings; null, or what it says against them.</summary>
    public async Task<string?> TestAsync(CancellationToken token)
    {
        using var limit = new CancellationTokenSource(TestPatience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, token);
        using var child = Process.Start(new ProcessStartInfo(DnsmasqPath, ["--test", $"--conf-file={folder.ConfigurationPath}"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment = { ["LC_ALL"] = "C" },
        })!;
        try
        {
            var said = await child.StandardError.ReadToEndAsync(either.Token);
            await child.WaitForExitAsync(either.Token);
            return child.ExitCode == 0 ? null : said.Trim();
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            return $"--test took more than {TestPatience.TotalSeconds:0} s";
        }
        finally
        {
            if (!child.HasExited)
            {
                child.Kill();
            }
        }
    }

    /// <summary>Starts dnsmasq and notes which process it is.</summary>
    public async Task<DnsmasqProcess> StartAsync(Action<string> tell)
    {
        var process = await DnsmasqProcess.StartAsync(Command, tell);
        if (ChildRecord.Of(process.Id) is { } record)
        {
            await File.WriteAllTextAsync(folder.ChildPath, record.ToString(), CancellationToken.None);
        }

        return process;
    }

    /// <summary>Ends the one that a killed Router has left, where the kernel has not: two would give addresses against each other.</summary>
    public async Task<bool> EndLeftoverAsync(CancellationToken token)
    {
        if (!File.Exists(folder.ChildPath) || ChildRecord.Parse(await File.ReadAllTextAsync(folder.ChildPath, token)) is not { IsAlive: true } left)
        {
            return false;
        }

        _ = Libc.Kill(left.Id, Libc.Terminate);
        var since = clock.GetTimestamp();
        while (left.IsAlive)
        {
            if (clock.GetElapsedTime(since) > Patience)
            {
                _ = Libc.Kill(left.Id, Libc.End);
            }

            await Task.Delay(Look, clock, token);
        }

        return true;
    }

    public Task StopAsync(DnsmasqProcess process) => process.StopAsync(Patience, clock);

    // The role's folder is closed to dnsmasq's user, and stays so: only its own part is shown to it, in a view of the files that ends with it.
    private string[] Mounted() => _account is null ? [] :
    [
        UnsharePath, "--mount", "--propagation", "private", ShellPath, "-c", """mount --bind "$1" "$2" && shift 2 && exec "$@" """, ShellPath, folder.Place, DnsmasqFolder.MountPoint,
    ];

    // Rights are taken away before dnsmasq runs: where it does so by itself, the kernel forgets that it was to end with its parent (prctl(2)).
    private string[] Limited() => _account is { } account
        ?
        [
            SetprivPath, $"--reuid={account.User}", $"--regid={account.Group}", "--clear-groups", $"--inh-caps={Rights}", $"--ambient-caps={Rights}", $"--bounding-set={Rights}",
            "--no-new-privs", "--pdeathsig", "KILL",
        ]
        : [SetprivPath, "--pdeathsig", "KILL"];
}
