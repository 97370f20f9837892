using System.Text.Json;
using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Enrollment;

namespace Appliance.Nodes;

/// <summary>The configuration that a node file stands for, as the keys of `appliance.json`.</summary>
internal static class RoleConfiguration
{
    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true };

    public static Dictionary<string, string?> Of(NodeFile file, string state)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Node:Site"] = file.Site,
            ["Node:Name"] = file.Name,
            ["Node:StateDirectory"] = state,
            // An image is the gateway's alone, so its machine is the role's to restart.
            ["Node:Power:Machine"] = "systemd",
        };
        if (file.Router.Length > 0)
        {
            settings["Peers:Router"] = Address(Role.Router, file.Router);
        }

        // A pattern names several ports, and each port that is watched is named by itself.
        if (file.Role == Role.Router && file.Interface.Length > 0 && !file.Interface.Contains('*', StringComparison.Ordinal))
        {
            settings["Router:Capture:Interfaces:0:Name"] = file.Interface;
        }

        foreach (var (key, value) in file.Settings)
        {
            settings[key] = value;
        }

        return settings;
    }

    public static string Text(NodeFile file, string state) => JsonSerializer.Serialize(Of(file, state), Written) + "\n";

    /// <summary>Where a role answers on a host.</summary>
    public static string Address(Role role, string host) => $"https://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{RolePorts.Grpc(role)}";

    /// <summary>Throws <see cref="ConfigurationFaultException"/> for settings that the role would not start with.</summary>
    public static void Check(NodeFile file)
    {
        var faults = ConfigurationCheck.Of(Of(file, "/var/lib/appliance"), RoleHost.Sections);
        if (faults.Count > 0)
        {
            throw new ConfigurationFaultException(faults);
        }
    }
}
