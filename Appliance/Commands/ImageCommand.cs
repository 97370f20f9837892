using System.CommandLine;

namespace Appliance.Commands;

/// <summary>`appliance image`: what an image becomes: which node, taken over at its first boot, and wiped again.</summary>
internal static class ImageCommand
{
    public static Command Create() => new("image", "Make a flashed image one node of the site.")
    {
        NodeFileCommand.Create(),
        FirstBootCommand.Create(),
        FactoryResetCommand.Create(),
    };
}
