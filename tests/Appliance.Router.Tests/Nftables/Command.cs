using System.Diagnostics;

namespace Appliance.Router.Tests.Nftables;

/// <summary>Runs a tool to its end, or ends it after 60 seconds.</summary>
internal static class Command
{
    public static string Run(string program, params string[] arguments) => RunWith("", program, arguments);

    public static string RunWith(string input, string program, params string[] arguments)
    {
        var (code, output, errors) = Try(input, program, arguments);
        return code == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {code}: {errors}");
    }

    public static (int Code, string Output, string Errors) Try(string input, string program, params string[] arguments)
    {
        using var child = Start(program, arguments);
        child.StandardInput.Write(input);
        child.StandardInput.Close();
        var errors = child.StandardError.ReadToEndAsync();
        var output = child.StandardOutput.ReadToEnd();
        if (!child.WaitForExit(60_000))
        {
            child.Kill();
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end.");
        }

        return (child.ExitCode, output, errors.Result);
    }

    public static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }
}
