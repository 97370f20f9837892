using System.Globalization;
using System.Text.Json;
using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Enrollment;
using Appliance.Router.Nftables;
using Appliance.Router.Rules.Changes;

namespace Appliance.Nodes;

/// <summary>The configuration that a node file stands for, as the keys of `appliance.json`.</summary>
internal static class RoleConfiguration
{
    private const string PolicyKey = $"{FirewallOptions.Section}:{nameof(FirewallOptions.DefaultPolicy)}";

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

        foreach (var (name, number) in Watched(file).Select((name, number) => (name, number)))
        {
            settings[$"Router:Capture:Interfaces:{number.ToString(CultureInfo.InvariantCulture)}:Name"] = name;
            if (ShippedZones.Of(file.Settings.GetValueOrDefault(PolicyKey, ""), name) is { } zone)
            {
                settings[$"Router:Capture:Interfaces:{number.ToString(CultureInfo.InvariantCulture)}:Zone"] = zone;
            }
        }

        foreach (var (key, value) in file.Settings)
        {
            settings[key] = value;
        }

        return settings;
    }

    // Of a port with tagged networks each network by itself, since each is a zone of its own; the port would show their frames a second time.
    // A pattern names several ports, and each port that is watched is named by itself.
    private static IEnumerable<string> Watched(NodeFile file) => file.Role != Role.Router ? []
        : file.Vlans.Count > 0 ? file.Vlans.Select(file.Device)
        : file.Interface.Length > 0 && !file.Interface.Contains('*', StringComparison.Ordinal) ? [file.Interface]
        : [];

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
