using System.CommandLine;
using Appliance.Nodes;

namespace Appliance.Commands;

/// <summary>`appliance image first-boot`, on the node.</summary>
internal static class FirstBootCommand
{
    public static Command Create()
    {
        var file = new Option<string>("--file") { Description = "The node file, as the image's boot partition has it.", Required = true };
        var root = new Option<string>("--root") { Description = "Where the node's root is.", DefaultValueFactory = _ => "/" };
        var command = new Command("first-boot", "Take over the node file: who this node is, and where it stands in the network.") { file, root };
        command.SetAction(parsed =>
        {
            try
            {
                var node = new FirstBoot(parsed.GetRequiredValue(file), parsed.GetRequiredValue(root)).Run();
                parsed.InvocationConfiguration.Output.WriteLine($"This node is {node}.");
                return CommandLine.Done;
            }
            catch (Exception error) when (error is CommandFailedException or IOException or UnauthorizedAccessException)
            {
                parsed.InvocationConfiguration.Error.WriteLine(error.Message);
                return CommandLine.Failed;
            }
        });
        return command;
    }
}
