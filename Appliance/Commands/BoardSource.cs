using System.CommandLine;
using System.CommandLine.Parsing;
using Appliance.Local;

namespace Appliance.Commands;

/// <summary>Options of commands that can speak to a board straight from a workstation, without a site.</summary>
internal sealed class BoardSource
{
    private readonly Option<Uri?> _board = new("--board")
    {
        Description = "Speak to this board straight from here, without a site, for example https://192.168.1.50",
        HelpName = "URL",
        CustomParser = ParseAddress,
    };

    private readonly Option<string?> _fingerprint = new("--fingerprint")
    {
        Description = "With --board: SHA-256 of its certificate, which it is trusted by",
        HelpName = "HEX",
    };

    private readonly Option<bool> _trust = new("--trust-on-first-use")
    {
        Description = "With --board: take the certificate that it shows, and hold it to that from then on",
    };

    private readonly Option<string> _user = new("--board-user") { Description = "With --board: its user", HelpName = "NAME", DefaultValueFactory = _ => "root" };

    private readonly Option<FileInfo?> _password = new("--password-file")
    {
        Description = "With --board: file with its password; without it the variable APPLIANCE_BMC_PASSWORD is read",
        HelpName = "FILE",
    };

    private readonly Option<string?> _default = new("--allow-default-password")
    {
        Description = "With --board: switch it although it still takes the maker's password; HOST is that of --board",
        HelpName = "HOST",
    };

    private readonly Option<DirectoryInfo?> _state = new("--board-state")
    {
        Description = "With --board: where images, jobs and its certificate are kept. Default: a folder of the board's own below $XDG_STATE_HOME/appliance",
        HelpName = "DIR",
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_board, _fingerprint, _trust, _user, _password, _default, _state])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What was asked for; null when it is the site's own bmc role.</summary>
    public BoardSiteRequest? Read(ParseResult parsed)
    {
        if (parsed.GetValue(_board) is not { } board)
        {
            return null;
        }

        var settings = new Dictionary<string, string?> { ["Bmc:Board:UserName"] = parsed.GetValue(_user) };
        Add("Bmc:Board:Fingerprint", parsed.GetValue(_fingerprint));
        Add("Bmc:Board:PasswordFile", parsed.GetValue(_password)?.FullName);
        Add("Bmc:Board:AllowDefaultPassword", parsed.GetValue(_default));
        Add("Bmc:Board:TrustOnFirstUse", parsed.GetValue(_trust) ? "true" : null);
        return new BoardSiteRequest(board, parsed.GetValue(_state)?.FullName ?? DefaultFolder(board), settings);

        void Add(string key, string? value)
        {
            if (value is not null)
            {
                settings[key] = value;
            }
        }
    }

    private static string DefaultFolder(Uri board)
    {
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        return Path.Combine(state, "appliance", "boards", $"{board.IdnHost.Replace(':', '_')}_{board.Port}");
    }

    private static Uri? ParseAddress(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "https" or "http")
        {
            return address;
        }

        result.AddError($"\"{text}\" is no address of a board; write for example https://192.168.1.50.");
        return null;
    }
}
