using System.Diagnostics;
using System.Text.Json;

namespace Appliance.SystemTests;

/// <summary>`appliance record` as its own process in the watched namespace, from the moment that it takes packets.</summary>
internal sealed class RunningRecording : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private RunningRecording(Process process, string firstLine)
    {
        _process = process;
        FirstLine = firstLine;
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>What it said when it began.</summary>
    public string FirstLine { get; }

    /// <summary>The command that runs it in the namespace.</summary>
    public static string[] Command(Cable cable, params string[] options)
        => ["nsenter", $"--net={cable.Watched}", "dotnet", RunningAppliance.Executable, "record", "--interface", Cable.Device, "--format", "json", .. options];

    public static Task<RunningRecording> StartAsync(Cable cable, params string[] options) => StartAsync(Command(cable, options));

    public static async Task<RunningRecording> StartAsync(string[] command)
    {
        var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        var line = await process.StandardError.ReadLineAsync().WaitAsync(Deadline);
        Assert.StartsWith("Recording ", line, StringComparison.Ordinal);
        return new RunningRecording(process, line!);
    }

    /// <summary>Stops it as Ctrl-C does.</summary>
    public Task<Result> StopAsync()
    {
        _ = RunningAppliance.Kill(_process.Id, RunningAppliance.SigInt);
        return EndAsync();
    }

    /// <summary>Waits until it ends by itself.</summary>
    public async Task<Result> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Deadline);
        var output = await _output;
        return new Result(_process.ExitCode, JsonDocument.Parse(output).RootElement, await _error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    public sealed record Result(int ExitCode, JsonElement Summary, string Error)
    {
        public long Packets => Summary.GetProperty("packets").GetInt64();

        public string End => Summary.GetProperty("end").GetString()!;

        public string[] Files => [.. Summary.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("name").GetString()!)];
    }
}
