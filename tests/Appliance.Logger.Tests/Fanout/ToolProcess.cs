using System.Diagnostics;
using System.Threading.Channels;

namespace Appliance.Logger.Tests.Fanout;

/// <summary>A program of the machine, ended by force after a minute whatever happens: MQTT clients reconnect for ever.</summary>
internal sealed class ToolProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Task _reading;

    private ToolProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError))
            .ContinueWith(_ => _lines.Writer.TryComplete(), TaskScheduler.Default);
    }

    /// <summary>Lines of both outputs; it ends with the program.</summary>
    public IAsyncEnumerable<string> Lines => _lines.Reader.ReadAllAsync();

    public static ToolProcess Start(string program, params IEnumerable<string> arguments)
    {
        // Written to a pipe, the clients' own lines would wait in a buffer; stdbuf runs the program in its own place.
        string[] all = ["--signal=KILL", "60", "stdbuf", "-oL", program, .. arguments];
        return new ToolProcess(Process.Start(new ProcessStartInfo("timeout", all) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!);
    }

    /// <summary>Waits for the end; exit code and all output.</summary>
    public async Task<(int Code, string Output)> EndAsync()
    {
        var lines = new List<string>();
        await foreach (string line in Lines)
        {
            lines.Add(line);
        }

        await _process.WaitForExitAsync();
        return (_process.ExitCode, string.Join('\n', lines));
    }

    /// <summary>As kill -9: `timeout` with its child, which is in the same process tree.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
    }

    /// <summary>Stops the program in its tracks (SIGSTOP).</summary>
    public async Task SuspendAsync()
    {
        using var kill = Process.Start("pkill", ["-STOP", "-P", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            _lines.Writer.TryWrite(line);
        }
    }
}
