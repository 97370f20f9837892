using System.Diagnostics;

namespace Appliance.Router.Network;

/// <summary>One running dnsmasq, which the kernel ends with this process.</summary>
internal sealed class DnsmasqProcess
{
    private readonly Process _process;
    private readonly TaskCompletionSource<int> _exited;
    private readonly TaskCompletionSource _serves = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DnsmasqProcess(Process process, TaskCompletionSource<int> exited, Action<string> tell)
    {
        _process = process;
        Id = process.Id;
        _exited = exited;
        Told = Task.WhenAll(ReadAsync(process.StandardError, tell), ReadAsync(process.StandardOutput, tell));
    }

    public int Id { get; }

    /// <summary>Done when it has read its settings and listens.</summary>
    public Task Serves => _serves.Task;

    /// <summary>Done when it has ended, with its exit code.</summary>
    public Task<int> Exited => _exited.Task;

    /// <summary>Done when all that it had to say has been told.</summary>
    public Task Told { get; }

    /// <summary>Starts it; <paramref name="tell"/> gets each line that it writes.</summary>
    public static async Task<DnsmasqProcess> StartAsync(IReadOnlyList<string> command, Action<string> tell)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Its words are read, and its environment is nobody else's.
        start.Environment.Clear();
        start.Environment["LC_ALL"] = "C";
        start.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";

        var started = new TaskCompletionSource<DnsmasqProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        var exited = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);

        // The kernel takes the thread that made a child for its parent (prctl(2), PR_SET_PDEATHSIG): one of the pool would end, and the child with it.
        new Thread(() => Keep(start, tell, started, exited)) { IsBackground = true, Name = "dnsmasq's parent" }.Start();
        return await started.Task;
    }

    /// <summary>Has it read its files again; of no use before it serves.</summary>
    public void Reload()
    {
        if (Serves.IsCompletedSuccessfully && !Exited.IsCompleted)
        {
            _ = Libc.Kill(Id, Libc.HangUp);
        }
    }

    /// <summary>Asks it to end, and ends it where it does not.</summary>
    public async Task StopAsync(TimeSpan patience, TimeProvider clock)
    {
        if (!Exited.IsCompleted)
        {
            _ = Libc.Kill(Id, Libc.Terminate);
        }

        try
        {
            await Exited.WaitAsync(patience, clock);
        }
        catch (TimeoutException)
        {
            _process.Kill();
            await Exited;
        }
    }

    private static void Keep(ProcessStartInfo start, Action<string> tell, TaskCompletionSource<DnsmasqProcess> started, TaskCompletionSource<int> exited)
    {
        try
        {
            using var process = Process.Start(start) ?? throw new IOException($"{start.FileName} did not start.");
            // Made here: one that ends at once is closed below before anybody else has looked at it.
            started.SetResult(new DnsmasqProcess(process, exited, tell));
            process.WaitForExit();
            exited.SetResult(process.ExitCode);
        }
#pragma warning disable CA1031 // Carried over to whoever started it, whatever it is.
        catch (Exception error)
#pragma warning restore CA1031
        {
            if (!started.TrySetException(error))
            {
                exited.TrySetException(error);
            }
        }
    }

    private async Task ReadAsync(StreamReader output, Action<string> tell)
    {
        while (await output.ReadLineAsync(CancellationToken.None) is { } line)
        {
            tell(line);
            if (line.Contains(": started, version ", StringComparison.Ordinal))
            {
                _serves.TrySetResult();
            }
        }
    }
}
