using System.Diagnostics;

namespace Appliance.Package.Tests;

/// <summary>Runs a program to its end, or ends it after its time.</summary>
internal static class Tool
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    public static string Run(string program, params string[] arguments)
    {
        var (code, output) = Try(program, arguments);
        return code == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {code}: {output}");
    }

    /// <summary>Exit code, and what it wrote to both of its outputs.</summary>
    public static (int Code, string Output) Try(string program, params string[] arguments)
    {
        using var child = Start(program, arguments);
        child.StandardInput.Close();
        var errors = child.StandardError.ReadToEndAsync();
        var output = child.StandardOutput.ReadToEndAsync();
        if (!child.WaitForExit(Patience))
        {
            child.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end.");
        }

        return (child.ExitCode, output.Result + errors.Result);
    }

    public static Process Start(string program, params string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    /// <summary>Skips the test where one of them is not installed.</summary>
    public static void Require(params (string Path, string Package)[] tools)
    {
        foreach (var (path, package) in tools)
        {
            Assert.SkipUnless(File.Exists(path), $"{path} is missing; install Debian's package {package}.");
        }
    }
}
