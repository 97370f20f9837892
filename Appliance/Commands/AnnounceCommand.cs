using System.CommandLine;
using Appliance.Hosting.Updates;
using Appliance.Nodes;

namespace Appliance.Commands;

/// <summary>`appliance image announce`, on the node.</summary>
internal static class AnnounceCommand
{
    private const string Configuration = "etc/appliance/appliance.json";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var root = new Option<string>("--root") { Description = "Where the node's root is.", DefaultValueFactory = _ => "/" };
        var command = new Command("announce", "Say on the console which image runs as which node, once its role answers. Run by appliance-announce.service.") { root };
        command.SetAction((parsed, token) => RunAsync(parsed.GetRequiredValue(root), parsed.InvocationConfiguration.Output, token));
        return command;
    }

    private static async Task<int> RunAsync(string root, TextWriter console, CancellationToken token)
    {
        var paths = UpdatePaths.Under(root);
        var image = NodeImage.Read(paths) ?? throw new CommandFailedException($"{paths.Image} is missing, so no image runs here.");
        var health = new RoleHealth(() => RunningNode.Read(paths.NodeFile).Roles, Path.Combine(root, Configuration));
        // An enrolment waits for people, for as long as they take.
        while (!await health.IsServingAsync(token))
        {
            await Task.Delay(Interval, TimeProvider.System, token);
        }

        var node = RunningNode.Read(paths.NodeFile);
        await console.WriteLineAsync($"appliance: image {image.Version}, role {node.Words}, node {node.Name}");
        return CommandLine.Done;
    }
}
