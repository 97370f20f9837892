using System.CommandLine;
using System.Security.Cryptography;
using Appliance.Hosting;
using Appliance.Hosting.Clients;
using Grpc.Core;

namespace Appliance.Commands;

/// <summary>What commands that ask a role of a running site have in common: how they reach it, how long they wait, how they print and how they fail.</summary>
internal sealed class SiteCommand(Role role)
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(60);

    private readonly SiteChannel _site = new(role);
    private readonly Option<OutputFormat> _format = CommonOptions.Format();

    /// <summary>Asks the role; what it returns prints the answer.</summary>
    public delegate Task<Action<TextWriter, OutputFormat>> Ask(CallInvoker calls, ParseResult parsed, CallOptions options);

    /// <summary>Follows the role for as long as it likes, printing as it goes; what it returns is the exit code.</summary>
    public delegate Task<int> Follow(CallInvoker calls, ParseResult parsed, CallOptions options);

    public Command New(string name, string description, IEnumerable<Symbol> symbols, Ask ask) =>
        New(name, description, symbols, async (calls, parsed, options) =>
        {
            var deadline = TimeProvider.System.GetUtcNow().UtcDateTime + AnswerTime;
            var print = await ask(calls, parsed, options.WithDeadline(deadline));
            print(parsed.InvocationConfiguration.Output, FormatOf(parsed));
            return CommandLine.Done;
        });

    /// <summary>The same without a limit on time.</summary>
    public Command New(string name, string description, IEnumerable<Symbol> symbols, Follow follow)
    {
        var command = new Command(name, description);
        AddTo(command, symbols, follow);
        return command;
    }

    public void AddTo(Command command, IEnumerable<Symbol> symbols, Follow follow)
    {
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        command.Options.Add(_format);
        _site.AddTo(command);
        command.SetAction((parsed, token) => RunAsync(parsed, follow, token));
    }

    public OutputFormat FormatOf(ParseResult parsed) => parsed.GetValue(_format);

    /// <summary>Another connection beside the one that a command is asked on.</summary>
    public PersonChannel OpenAnother(ParseResult parsed) => _site.Open(parsed);

    /// <summary>A connection to another role, as the same person.</summary>
    public PersonChannel OpenAnother(ParseResult parsed, Uri address, Role other) => _site.Open(parsed, address, other);

    /// <summary>Text of others for a terminal, which no character of it may move; "-" for none.</summary>
    public static string Text(string text) => text.Length == 0 ? "-" : string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter));

    private async Task<int> RunAsync(ParseResult parsed, Follow follow, CancellationToken token)
    {
        var console = parsed.InvocationConfiguration;
        try
        {
            await using var link = await _site.OpenLinkAsync(parsed, token);
            return await follow(link.Calls, parsed, new CallOptions(cancellationToken: token));
        }
        catch (RpcException failure)
        {
            await console.Error.WriteLineAsync($"The call of {_site.Where(parsed)} failed, {failure.StatusCode}: {failure.Status.Detail}");
        }
        catch (CommandFailedException failure)
        {
            await console.Error.WriteLineAsync(failure.Message);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            await console.Error.WriteLineAsync(_site.Fault(parsed, failure));
        }

        return CommandLine.Failed;
    }
}
