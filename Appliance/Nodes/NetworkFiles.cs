using System.Globalization;
using System.Text;
using Appliance.Hosting.Enrollment;

namespace Appliance.Nodes;

/// <summary>The network of a node file as systemd-networkd reads it (systemd.network(5), systemd.netdev(5)).</summary>
internal static class NetworkFiles
{
    private const string Ports = "en* eth*";

    /// <summary>Names and texts of all files.</summary>
    public static IReadOnlyDictionary<string, string> Of(NodeFile file)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal) { ["10-appliance.network"] = Port(file) };
        foreach (var vlan in file.Vlans)
        {
            files[$"20-{Name(vlan)}.netdev"] = $"[NetDev]\nName={Name(vlan)}\nKind=vlan\n\n[VLAN]\nId={vlan.Id.ToString(CultureInfo.InvariantCulture)}\n";
            files[$"20-{Name(vlan)}.network"] = $"[Match]\nName={Name(vlan)}\n\n[Network]\n{Addresses(vlan.Addresses)}";
        }

        return files;
    }

    private static string Port(NodeFile file)
    {
        var text = new StringBuilder($"[Match]\nName={(file.Interface.Length > 0 ? file.Interface : Ports)}\n\n[Network]\n{Addresses(file.Addresses)}");
        if (file.Gateway.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"Gateway={file.Gateway}\n");
        }

        foreach (var server in file.Dns)
        {
            text.Append(CultureInfo.InvariantCulture, $"DNS={server}\n");
        }

        foreach (var vlan in file.Vlans)
        {
            text.Append(CultureInfo.InvariantCulture, $"VLAN={Name(vlan)}\n");
        }

        return text.ToString();
    }

    private static string Addresses(IReadOnlyList<string> addresses) =>
        string.Concat(addresses.Select(address => address == NodeFile.Dhcp ? "DHCP=yes\n" : $"Address={address}\n"));

    private static string Name(NodeVlan vlan) => $"vlan{vlan.Id.ToString(CultureInfo.InvariantCulture)}";
}
