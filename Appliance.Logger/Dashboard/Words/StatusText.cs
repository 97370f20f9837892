using Appliance.Logger.Dashboard.Snapshots;

namespace Appliance.Logger.Dashboard.Words;

/// <summary>What it means for the site that a node is not simply up.</summary>
internal static class StatusText
{
    /// <summary>The role's name at the head of a line.</summary>
    public static string Title(string role) => role switch
    {
        "router" => "Router",
        "logger" => "Logger",
        "detector" => "Detector",
        "bmc" => "BMC",
        _ => role,
    };

    public static string Of(NodeTile node)
    {
        var name = node.Role == "bmc" ? "BMC" : node.Role;
        var reason = node.Text.Length > 0 ? $": {PlainText.Sentence(node.Text)}" : "";
        return node.State switch
        {
            TileState.Down => $"The {name} does not answer. {Consequence(node.Role)}",
            TileState.Degraded => $"The {name} works with limits{reason}.",
            _ => $"The {name} is up.",
        };
    }

    private static string Consequence(string role) => role switch
    {
        "router" => "Nothing new is watched or blocked; blocks that the kernel has stay until they expire.",
        "detector" => "Nothing new is detected; routing and existing blocks go on.",
        "logger" => "Nothing new is remembered or told.",
        "bmc" => "Hung nodes cannot be restarted; everything else goes on.",
        _ => "",
    };
}
