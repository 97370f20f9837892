using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Router.Site;

namespace Appliance.Commands;

/// <summary>`appliance accounts`: who may log in at the dashboard. Works on the router's file, beside a running router or without one, or asks the router of --server.</summary>
internal sealed class AccountsCommand
{
    private const string DefaultState = "/var/lib/appliance";
    private const string StandardInput = "-";

    private static readonly PeerKind[] Kinds = [PeerKind.Reader, PeerKind.Operator, PeerKind.Admin];

    private readonly Argument<string> _name = new("NAME") { Description = "Name of the account: a-z, 0-9 and '-'." };
    private readonly Option<string> _kind = new("--kind") { Description = "What the account may do: reader, operator or admin." };
    private readonly Option<string> _password = new("--password-file")
    {
        Description = "File with the password, or - for standard input. With none, add makes one and prints it.",
        HelpName = "FILE",
    };

    private readonly Option<string> _state = new("--state")
    {
        Description = "The router's Node:StateDirectory, on the router itself; run the command as the user that the router runs as.",
        HelpName = "DIR",
        DefaultValueFactory = _ => DefaultState,
    };

    private readonly SiteChannel _site = new(Role.Router);
    private readonly Option<string> _format = PkiOutput.Format();

    private AccountsCommand() =>
        _kind.Validators.Add(result => PkiOutput.Check(result, word => PeerIdentity.TryKind(word, out var kind) && Kinds.Contains(kind), "reader, operator or admin"));

    public static Command Create() => new("accounts", "List and change the accounts that log in at the dashboard, on the router itself or with --server and an admin's certificate. A change ends the account's sessions.")
    {
        new AccountsCommand().BuildAdd(),
        new AccountsCommand().BuildChange(),
        new AccountsCommand().BuildRemove(),
        new AccountsCommand().BuildList(),
    };

    private Command BuildAdd()
    {
        _kind.Required = true;
        var command = new Command("add", "Add an account.") { _name, _kind, _password, _state, _format };
        _site.AddTo(command);
        command.SetAction(parsed => PkiOutput.Run(parsed, _format, () => Use(parsed, accounts => Add(parsed, accounts))));
        return command;
    }

    private Command BuildChange()
    {
        var command = new Command("change", "Give an account another kind, another password, or both.") { _name, _kind, _password, _state, _format };
        _site.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_kind) is null && result.GetResult(_password) is null)
            {
                result.AddError("Nothing to change: give --kind, --password-file or both.");
            }
        });
        command.SetAction(parsed => PkiOutput.Run(parsed, _format, () => Use(parsed, accounts =>
        {
            PeerKind? kind = PeerIdentity.TryKind(parsed.GetValue(_kind) ?? "", out var given) ? given : null;
            return Describe(accounts.Change(parsed.GetRequiredValue(_name), kind, ReadPassword(parsed)));
        })));
        return command;
    }

    private Command BuildRemove()
    {
        var command = new Command("remove", "Remove an account.") { _name, _state, _format };
        _site.AddTo(command);
        command.SetAction(parsed => PkiOutput.Run(parsed, _format, () => Use<IReadOnlyList<(string Name, string Value)>>(parsed, accounts =>
        {
            accounts.Remove(parsed.GetRequiredValue(_name));
            return [("removed", parsed.GetRequiredValue(_name))];
        })));
        return command;
    }

    private Command BuildList()
    {
        var command = new Command("list", "List the accounts.") { _state, _format };
        _site.AddTo(command);
        command.SetAction(parsed => PkiOutput.Try(parsed, () =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var rows = Use(parsed, accounts => accounts.All.Select(Describe).ToArray());
            var isJson = parsed.GetRequiredValue(_format) == "json";
            foreach (var row in rows)
            {
                output.WriteLine(isJson
                    ? JsonSerializer.Serialize(row.ToDictionary(value => value.Name, value => value.Value))
                    : string.Join("  ", row.Select(value => value.Value.PadRight(20))).TrimEnd());
            }
        }));
        return command;
    }

    private IReadOnlyList<(string Name, string Value)> Add(ParseResult parsed, IAccounts accounts)
    {
        PeerIdentity.TryKind(parsed.GetRequiredValue(_kind), out var kind);
        var given = ReadPassword(parsed);
        var password = given ?? AccountPassword.Make();
        var described = Describe(accounts.Add(parsed.GetRequiredValue(_name), kind, password));
        return given is null ? [.. described, ("password", password)] : described;
    }

    private T Use<T>(ParseResult parsed, Func<IAccounts, T> work)
    {
        using var accounts = Open(parsed);
        return work(accounts);
    }

    private IAccounts Open(ParseResult parsed)
    {
        if (!_site.IsNamed(parsed))
        {
            return new FileAccounts(Path.Combine(parsed.GetRequiredValue(_state), Role.Router.Word()));
        }

        try
        {
            return new AccountsClient(_site.Open(parsed), _site.Where(parsed));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new IOException(_site.Fault(parsed, failure), failure);
        }
    }

    private string? ReadPassword(ParseResult parsed) => parsed.GetValue(_password) switch
    {
        null => null,
        StandardInput => Console.In.ReadLine() ?? "",
        var file => File.ReadAllText(file),
    };

    private static IReadOnlyList<(string Name, string Value)> Describe(Account account) =>
    [
        ("account", account.Name),
        ("kind", PeerIdentity.KindWord(account.Kind)),
        ("change_time", PkiOutput.Time(account.ChangeTime)),
    ];
}
