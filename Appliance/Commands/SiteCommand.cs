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

    public Command New(string name, string description, IEnumerable<Symbol> symbols, Ask ask)
    {
        var command = new Command(name, description);
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
        command.SetAction((parsed, token) => RunAsync(parsed, ask, token));
        return command;
    }

    /// <summary>Another connection beside the one that a command is asked on.</summary>
    public PersonChannel OpenAnother(ParseResult parsed) => _site.Open(parsed);

    /// <summary>Text of others for a terminal, which no character of it may move; "-" for none.</summary>
    public static string Text(string text) => text.Length == 0 ? "-" : string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter));

    private async Task<int> RunAsync(ParseResult parsed, Ask ask, CancellationToken token)
    {
        var console = parsed.InvocationConfiguration;
        try
        {
            using var channel = _site.Open(parsed);
            var deadline = TimeProvider.System.GetUtcNow().UtcDateTime + AnswerTime;
            var print = await ask(channel.Calls, parsed, new CallOptions(deadline: deadline, cancellationToken: token));
            print(console.Output, parsed.GetValue(_format));
            return CommandLine.Done;
        }
        catch (RpcException failure)
        {
            await console.Error.WriteLineAsync($"The call of the {role.ToString().ToLowerInvariant()} role at {_site.Server(parsed)} failed, {failure.StatusCode}: {failure.Status.Detail}");
        }
        catch (CommandFailedException failure)
        {
            await console.Error.WriteLineAsync(failure.Message);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            await console.Error.WriteLineAsync($"The certificates cannot be read: {failure.Message} Name their folder with --pki and the certificate with --as.");
        }

        return CommandLine.Failed;
    }
}
