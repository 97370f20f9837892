using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Appliance.Bmc.Simulation;

namespace Appliance.Commands;

/// <summary>`appliance board`: what the board says of itself, and a Turing Pi 2 board without the board.</summary>
internal static class BoardCommand
{
    private const int Done = 0;
    private const int Failed = 1;

    public static Command Create()
    {
        var board = new Command("board", "The board's controller, and a simulated one to work and test against") { CreateSimulate() };
        foreach (var command in BoardShowCommand.Create())
        {
            board.Subcommands.Add(command);
        }

        return board;
    }

    private static Command CreateSimulate()
    {
        var profile = new Option<BoardProfile>("--profile")
        {
            Description = $"Firmware generation to answer like: {BoardProfiles.Names()}",
            HelpName = "VERSION",
            CustomParser = ParseProfile,
            DefaultValueFactory = _ => BoardProfiles.All[0],
        };
        var listen = new Option<IPEndPoint>("--listen")
        {
            Description = "Address and port to listen on; port 0 takes a free one",
            HelpName = "ADDRESS:PORT",
            CustomParser = ParseEndPoint,
            DefaultValueFactory = _ => new IPEndPoint(IPAddress.Loopback, 0),
        };
        var password = new Option<FileInfo>("--password")
        {
            Description = "File that holds the password of the board's user",
            HelpName = "FILE",
            Required = true,
        };
        var listenPlain = new Option<IPEndPoint>("--listen-http")
        {
            Description = "Stands for the board's port 80, which leads to HTTPS; without it the simulated board has none",
            HelpName = "ADDRESS:PORT",
            CustomParser = ParseEndPoint,
        };
        var fault = new Option<string[]>("--fault")
        {
            Description = $"What goes wrong; may be given several times: {FaultNames.All}",
            HelpName = "NAME[=N]",
            DefaultValueFactory = _ => [],
        };
        fault.Validators.Add(RefuseUnknownFaults);
        var user = new Option<string>("--user") { Description = "The board's user", DefaultValueFactory = _ => "root" };
        var boot = new QemuBootOptions();
        var command = new Command("simulate", "Answers as the board's daemon does, until Ctrl-C") { profile, listen, listenPlain, password, user, fault };
        boot.AddTo(command);
        command.SetAction(async (parsed, token) =>
        {
            var options = new SimulatorOptions
            {
                Profile = parsed.GetRequiredValue(profile),
                Listen = parsed.GetRequiredValue(listen),
                ListenPlain = parsed.GetValue(listenPlain),
                UserName = parsed.GetRequiredValue(user),
                Password = "",
                Boot = boot.Read(parsed),
            };
            Array.ForEach(parsed.GetRequiredValue(fault), text => FaultNames.TryApply(options.Faults, text));
            return await SimulateAsync(options, parsed.GetRequiredValue(password), parsed.InvocationConfiguration, token);
        });
        return command;
    }

    private static async Task<int> SimulateAsync(SimulatorOptions options, FileInfo password, InvocationConfiguration console, CancellationToken token)
    {
        try
        {
            var text = await File.ReadAllTextAsync(password.FullName, token);
            await using var board = await SimulatedBoard.StartAsync(options with { Password = text.TrimEnd('\r', '\n') }, TimeProvider.System, token);
            await console.Output.WriteLineAsync($"Board {options.Profile} is simulated at {board.Address} for user {options.UserName}; Ctrl-C ends it.");
            await console.Output.WriteLineAsync(
                options.Profile.Secure ? $"Certificate SHA-256 {board.Fingerprint}" : "This generation has no TLS and no log-in; the password is not asked for.");
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        }
        catch (OperationCanceledException)
        {
            return Done;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await console.Error.WriteLineAsync($"The simulated board cannot start at {options.Listen} with password file {password}: {error.Message}");
            return Failed;
        }

        return Done;
    }

    private static void RefuseUnknownFaults(OptionResult result)
    {
        foreach (var text in result.Tokens.Select(token => token.Value).Where(text => !FaultNames.TryApply(new BoardFaults(), text)))
        {
            result.AddError($"\"{text}\" is no fault; there are {FaultNames.All}.");
        }
    }

    private static BoardProfile? ParseProfile(ArgumentResult result)
    {
        var name = result.Tokens[0].Value;
        if (BoardProfiles.Find(name) is { } profile)
        {
            return profile;
        }

        result.AddError($"No board profile is called \"{name}\"; the profiles are {BoardProfiles.Names()}.");
        return null;
    }

    private static IPEndPoint? ParseEndPoint(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (IPEndPoint.TryParse(text, out var endPoint) && text.Contains(':', StringComparison.Ordinal))
        {
            return endPoint;
        }

        result.AddError($"\"{text}\" is no address and port; write for example 127.0.0.1:8443.");
        return null;
    }
}
