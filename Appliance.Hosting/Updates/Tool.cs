using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Appliance.Hosting.Errors;

namespace Appliance.Hosting.Updates;

/// <summary>Runs a short-lived program of the system and reads what it says.</summary>
internal sealed class Tool(string program)
{
    // What it says beyond that is not kept: a program that goes mad fills no memory.
    private const int MaxLetters = 1 << 20;

    /// <summary>Ends with the program; cancelled, it is killed. Each line of its output is told as it comes.</summary>
    public async Task<ToolAnswer> RunAsync(IEnumerable<string> arguments, Action<string> tell, CancellationToken token)
    {
        using var child = Start(arguments);
        try
        {
            child.StandardInput.Close();
            var errors = ReadAsync(child.StandardError, _ => { }, token);
            var output = await ReadAsync(child.StandardOutput, tell, token);
            await child.WaitForExitAsync(token);
            return new ToolAnswer(child.ExitCode, output, await errors);
        }
        catch (OperationCanceledException)
        {
            child.Kill(entireProcessTree: true);
            throw;
        }
    }

    private Process Start(IEnumerable<string> arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception error)
        {
            throw new BusyException("TOOL_MISSING", $"{program} can't be started: {error.Message}.");
        }
    }

    private static async Task<string> ReadAsync(StreamReader reader, Action<string> tell, CancellationToken token)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(token) is { } line)
        {
            if (text.Length + line.Length < MaxLetters)
            {
                text.AppendLine(line);
            }

            tell(line);
        }

        return text.ToString();
    }
}
