using System.CommandLine;
using Appliance.Nodes;

namespace Appliance.Commands;

/// <summary>`appliance image factory-reset`, on the node.</summary>
internal static class FactoryResetCommand
{
    private const string Mark = "RESET";

    public static Command Create()
    {
        var root = new Option<string>("--root") { Description = "Where the node's root is.", DefaultValueFactory = _ => "/" };
        var command = new Command("factory-reset", "Have everything that this node has kept wiped at its next boot: keys, history, configuration.") { root };
        command.SetAction(parsed =>
        {
            var folder = Path.Combine(parsed.GetRequiredValue(root), "boot/config");
            try
            {
                using var mount = BootFolder.OpenForWriting(folder);
                using var stream = new FileStream(Path.Combine(folder, Mark), FileMode.Create, FileAccess.Write);
                stream.Flush(flushToDisk: true);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                parsed.InvocationConfiguration.Error.WriteLine($"{folder} can't be written: {error.Message} An empty file {Mark} on the card's first partition does the same.");
                return CommandLine.Failed;
            }

            parsed.InvocationConfiguration.Output.WriteLine("All that this node has kept is wiped at its next boot; have a new node file ready.");
            return CommandLine.Done;
        });
        return command;
    }
}
