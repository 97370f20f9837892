using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Appliance.Tests.Shared;

namespace Appliance.SystemTests;

/// <summary>The real program with all four roles, playing the recorded traffic, as its own process.</summary>
internal sealed partial class RunningAppliance : IAsyncDisposable
{
    private const string SiteIsReady = "Ready.";
    private const string FirewallIsReady = "Firewall: ";

    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LineDeadline = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly string _sign;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<string> _spoken = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });

    private RunningAppliance(Process process, string state, string sign)
    {
        _process = process;
        _sign = sign;
        State = state;
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    public string State { get; }

    public string Pki => Path.Combine(State, "pki");

    public string Log => string.Join('\n', _lines);

    /// <summary>Starts it with options over those of `./run`, and waits until it says that it is ready.</summary>
    public static Task<RunningAppliance> StartAsync(string state, IReadOnlyDictionary<string, string> settings, params string[] options)
        => StartAsync(["dotnet", Executable, "run", "--state", state, "--recording", Path.Combine(Checkout.Traffic, "home.pcapng"), .. options], settings, state, SiteIsReady);

    /// <summary>Starts it in a network namespace, or in the machine's own where that is null; its interfaces and ports are those of the namespace.</summary>
    public static Task<RunningAppliance> StartInAsync(string? space, string state, params string[] options)
    {
        // `ip netns exec` would hide what is mounted under /run/netns; this leaves the file system alone, and is gone once it has entered.
        string[] enter = space is null ? [] : ["nsenter", $"--net={space}"];
        return StartAsync([.. enter, "dotnet", Executable, "run", "--state", state, .. options], new Dictionary<string, string>(), state, SiteIsReady);
    }

    /// <summary>Starts the Router alone in a network namespace, as an installed node does, and waits until its ruleset is in force; its listener opens after that.</summary>
    public static Task<RunningAppliance> StartRouterAsync(string space, string configuration, string state)
        => StartAsync(["nsenter", $"--net={space}", "dotnet", Executable, "run", "--role", "router", "--config", configuration], new Dictionary<string, string>(), state, FirewallIsReady);

    private static async Task<RunningAppliance> StartAsync(string[] command, IReadOnlyDictionary<string, string> settings, string state, string sign)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var running = new RunningAppliance(Process.Start(start)!, state, sign);
        try
        {
            await running._ready.Task.WaitAsync(TimeSpan.FromSeconds(90));
        }
        catch (TimeoutException)
        {
            await running.DisposeAsync();
            Assert.Fail($"Not ready within 90 s:\n{running.Log}");
        }

        return running;
    }

    /// <summary>The next line that it writes with that text in it; lines before are passed over.</summary>
    public async Task<string> LineAsync(string text)
    {
        using var guard = new CancellationTokenSource(LineDeadline);
        try
        {
            while (true)
            {
                if (await _spoken.Reader.ReadAsync(guard.Token) is var line && line.Contains(text, StringComparison.Ordinal))
                {
                    return line;
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ChannelClosedException)
        {
            throw new InvalidOperationException($"It never said '{text}':\n{Log}", error);
        }
    }

    /// <summary>Stops it as Ctrl-C does; null when it had to be killed.</summary>
    public async Task<int?> StopAsync()
    {
        if (!_process.HasExited)
        {
            _ = Kill(_process.Id, SigInt);
        }

        using var deadline = new CancellationTokenSource(StopDeadline);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            return null;
        }
    }

    /// <summary>Ends it as the kernel ends what it has no memory for: at once, and without a word to it.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    /// <summary>Flags of buf curl and mosquitto for a person's certificate.</summary>
    public string[] BufTls(string person) => ["--cacert", $"{Pki}/ca.crt", "--cert", $"{Pki}/{person}.crt", "--key", $"{Pki}/{person}.key"];

    public string[] MosquittoTls(string person) => ["--cafile", $"{Pki}/ca.crt", "--cert", $"{Pki}/{person}.crt", "--key", $"{Pki}/{person}.key"];

    internal const int SigInt = 2;
    internal const int SigKill = 9;

    internal static string Executable
        => Path.Combine(Checkout.Root, "Appliance", "bin", AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug", "net10.0", "appliance.dll");

    private void Take(string? line)
    {
        if (line is null)
        {
            _ready.TrySetResult();
            _spoken.Writer.TryComplete();
            return;
        }

        _lines.Enqueue(line);
        _spoken.Writer.TryWrite(line);
        if (line.Contains(_sign, StringComparison.Ordinal))
        {
            _ready.TrySetResult();
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int Kill(int process, int signal);
}
