using System.CommandLine;

namespace Appliance.Commands;

/// <summary>`appliance image`: image files, and what makes one node of them.</summary>
internal static class ImageCommand
{
    public static Command Create() => new("image", "Image files, and the node files that make one node of them")
    {
        ImageCustomizeCommand.Create(),
        ImageInspectCommand.Create(),
        NodeFileCommand.Create(),
        FirstBootCommand.Create(),
        FactoryResetCommand.Create(),
        AnnounceCommand.Create(),
    };
}
