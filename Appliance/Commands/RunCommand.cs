using System.CommandLine;
using System.Net.NetworkInformation;
using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Appliance.Local;

namespace Appliance.Commands;

/// <summary>`appliance run`: the roles of an installed node, or, with --state, a whole site of its own (what `./run` is).</summary>
internal static class RunCommand
{
    private const string DefaultConfiguration = "/etc/appliance/appliance.json";

    public static Command Create()
    {
        var roles = new Option<Role[]>("--role") { Description = "Role to run; give it several times for several roles. Default: all.", AllowMultipleArgumentsPerToken = true };
        var configuration = new Option<string>("--config") { Description = "Configuration file.", DefaultValueFactory = _ => DefaultConfiguration };
        var simulate = new Option<string?>("--simulate") { Description = "With --role bmc: a simulated board of this firmware in place of the configured one.", HelpName = "PROFILE" };
        var state = new Option<string?>("--state") { Description = "Make and run a site of its own in this folder: all roles, own certificates, enforcing in a namespace." };
        var recording = new Option<string?>("--recording") { Description = "With --state: the capture to play when --replay names none.", Hidden = true };
        var replay = new Option<string?>("--replay") { Description = "With --state: play this capture." };
        var live = new Option<string?>("--interface") { Description = "With --state: watch this interface instead of playing a capture." };
        var speed = new Option<double>("--speed") { Description = "With --state: play N times as fast; 0 as fast as possible, and only once.", DefaultValueFactory = _ => 1 };
        var exit = new Option<bool>("--exit-after-replay") { Description = "With --state: play once, print a summary as the last line, and exit." };
        speed.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<double>() is not (>= 0 and <= 1000))
            {
                result.AddError($"Speed is '{result.Tokens[0].Value}'; give a number up to 1000, or 0 for as fast as possible.");
            }
        });
        var command = new Command("run", "Run roles of the gateway.") { roles, configuration, simulate, state, recording, replay, live, speed, exit };
        command.Validators.Add(result =>
        {
            if (result.GetResult(live) is not null && (result.GetResult(replay) is not null || result.GetValue(exit)))
            {
                result.AddError("--interface watches live traffic: it goes together with neither --replay nor --exit-after-replay.");
            }
        });
        command.SetAction(async (parsed, token) =>
        {
            return parsed.GetValue(state) is { } folder
                ? await new LocalRun(Request(folder), TimeProvider.System).RunAsync(token)
                : await RunRolesAsync(parsed.GetValue(roles) ?? [], parsed.GetValue(configuration)!, Simulated(parsed.GetValue(simulate)), token);

            LocalRunRequest Request(string folder) => new(
                Path.GetFullPath(folder),
                parsed.GetValue(live) is null ? Capture(parsed.GetValue(replay) ?? parsed.GetValue(recording)) : null,
                Interface(parsed.GetValue(live)),
                parsed.GetValue(speed),
                parsed.GetValue(exit));
        });
        return command;
    }

    private static void Use(IConfigurationManager sources, string configuration, Dictionary<string, string?> settings)
    {
        sources.UseOnly(configuration);
        sources.AddInMemoryCollection(settings);
    }

    private static string Capture(string? path)
        => path is null
            ? throw new CommandFailedException("No capture to play: name one with --replay, or an interface with --interface.")
            : File.Exists(path)
                ? Path.GetFullPath(path)
                : throw new CommandFailedException($"{path} is not there; name a capture that is, or leave --replay away for the bundled one.");

    private static string? Interface(string? name)
    {
        var names = NetworkInterface.GetAllNetworkInterfaces().Select(device => device.Name).ToArray();
        return name is null || names.Contains(name, StringComparer.Ordinal)
            ? name
            : throw new CommandFailedException($"{name} is no interface of this machine; it has {string.Join(", ", names)}.");
    }

    /// <summary>What the option stands for, over the file's own board.</summary>
    private static Dictionary<string, string?> Simulated(string? profile) =>
        profile is null ? [] : new() { ["Bmc:Board:Simulate"] = profile, ["Bmc:Board:Address"] = null };

    private static async Task<int> RunRolesAsync(Role[] roles, string configuration, Dictionary<string, string?> settings, CancellationToken token)
    {
        if (!File.Exists(configuration))
        {
            throw new CommandFailedException($"{configuration} is not there; write it (docs/operations.md) or name another with --config.");
        }

        await using var hosts = new RoleHosts(sources => Use(sources, configuration, settings), LogLevel.Information);
        foreach (var role in roles.Length == 0 ? Enum.GetValues<Role>() : roles.Distinct())
        {
            await hosts.StartAsync(role, token);
        }

        await hosts.WaitAsync(token);
        // Stopped by a signal is done; stopped by itself is a fault that the service manager answers with a restart.
        return token.IsCancellationRequested ? CommandLine.Done : CommandLine.Failed;
    }
}
