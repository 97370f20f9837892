using System.CommandLine;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Updates;
using Appliance.Nodes;

namespace Appliance.Commands;

/// <summary>What the node's own units ask of `appliance update`: neither needs a running role to answer, and both have to be root's.</summary>
internal static class UpdateSystemCommand
{
    private const string Configuration = "etc/appliance/appliance.json";

    public static IEnumerable<Command> Create() => [CreateMarkGood(), CreateCheckVersion()];

    private static Command CreateMarkGood()
    {
        var root = Root();
        var command = new Command("mark-good", "Keep the image that was booted once its role has answered for 30 s; fail when it does not in 5 minutes. Run by appliance-mark-good.service") { root };
        command.SetAction((parsed, token) => MarkGoodAsync(parsed.GetRequiredValue(root), parsed.InvocationConfiguration, token));
        return command;
    }

    private static async Task<int> MarkGoodAsync(string root, InvocationConfiguration console, CancellationToken token)
    {
        var paths = UpdatePaths.Under(root);
        var health = new RoleHealth(() => RunningNode.Read(paths.NodeFile).Roles, Path.Combine(root, Configuration));
        var trial = BootTrial.ByRauc(paths, health.IsServingAsync, TimeProvider.System);
        BootVerdict verdict;
        try
        {
            verdict = await trial.JudgeAsync(token);
        }
        catch (ApplianceException failure)
        {
            // Of an image on trial: it is not kept. The unit reboots, as it does for health that does not answer.
            throw new CommandFailedException($"The image could not be marked good: {failure.Message}", failure);
        }

        var image = NodeImage.Read(paths);
        var name = $"Version {image?.Version} in slot {NodeImage.ReadSlot(paths)}";
        if (verdict == BootVerdict.Bad)
        {
            throw new CommandFailedException($"{name} is given up: the role's health did not answer for {BootTrial.Steady.TotalSeconds:0} s on end within {BootTrial.Deadline.TotalMinutes:0} minutes. The next boot is another try, or the slot before.");
        }

        await console.Output.WriteLineAsync(verdict switch
        {
            BootVerdict.NoImage => $"Nothing to mark: {paths.Image} is missing, so no image runs here.",
            BootVerdict.ProvedGood => $"{name} has proved itself and is kept.",
            BootVerdict.Unmarked => $"{name} is good, but the bootloader could not be told; its tries are not given back: {trial.Fault}",
            _ => $"{name} is good.",
        });
        return CommandLine.Done;
    }

    private static Command CreateCheckVersion()
    {
        var root = Root();
        var version = new Argument<string>("VERSION") { Description = "Version of the bundle" };
        var command = new Command("check-version", "Fail when a version is older than what runs or ever ran well here. Run by RAUC before each install") { version, root };
        command.SetAction(parsed =>
        {
            var paths = UpdatePaths.Under(parsed.GetRequiredValue(root));
            try
            {
                new UpdateFloor(paths).Check(parsed.GetRequiredValue(version), NodeImage.Read(paths)?.Version ?? "");
                return CommandLine.Done;
            }
            catch (ApplianceException failure)
            {
                throw new CommandFailedException($"{failure.Reason}: {failure.Message}", failure);
            }
        });
        return command;
    }

    private static Option<string> Root() => new("--root") { Description = "The system's root folder", HelpName = "DIR", DefaultValueFactory = _ => "/" };
}
