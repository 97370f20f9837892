using System.CommandLine;
using Appliance.Hosting.Configuration;

namespace Appliance.Commands;

/// <summary>Parses, runs, and turns every outcome into an exit code: 0 done, 1 failed, 2 wrong usage.</summary>
internal static class CommandLine
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;

    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync($"{error.Message} See '{Name(parsed)} --help'.");
            }

            return WrongUsage;
        }

        try
        {
            using var signals = new TerminationSignals();
            // The library's own limit of 2 s would cut a graceful stop.
            var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(invocation, signals.Token);
        }
        catch (ConfigurationFaultException faults)
        {
            await Console.Error.WriteLineAsync(faults.Message);
            return Failed;
        }
        catch (Exception error) when (error is CommandFailedException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return Failed;
        }
        catch (OperationCanceledException)
        {
            return Failed;
        }
    }

    private static string Name(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
        {
            names.Push(result.Command is RootCommand ? "appliance" : result.Command.Name);
        }

        return string.Join(' ', names);
    }
}
