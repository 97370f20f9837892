using System.Diagnostics;

namespace Appliance.SystemTests;

/// <summary>A program of the machine that runs beside the test and is heard line by line; ended with it.</summary>
internal sealed class LineProcess : IDisposable
{
    // A guard against a hang only.
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private LineProcess(Process process) => _process = process;

    public static LineProcess Start(string[] command)
        => new(Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, UseShellExecute = false })!);

    /// <summary>The next line that it writes; null once it has ended.</summary>
    public Task<string?> ReadAsync() => _process.StandardOutput.ReadLineAsync().WaitAsync(Guard);

    /// <summary>Reads on to that line.</summary>
    public async Task<bool> SaysAsync(string wanted)
    {
        string? line;
        while ((line = await ReadAsync()) is not null && line != wanted)
        {
        }

        return line is not null;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.WaitForExit();
        _process.Dispose();
    }
}
