using System.Globalization;
using System.Net;
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
            var name = file.Device(vlan);
            files[$"20-{name}.netdev"] = $"[NetDev]\nName={name}\nKind=vlan\n\n[VLAN]\nId={vlan.Id.ToString(CultureInfo.InvariantCulture)}\n";
            files[$"20-{name}.network"] = $"[Match]\nName={name}\n\n[Network]\n{Addresses(vlan.Addresses)}{Way(file, vlan)}";
        }

        return files;
    }

    private static string Port(NodeFile file)
    {
        var name = file.Interface.Length > 0 ? file.Interface : file.Vlans.Count > 0 ? NodeFile.BoardPort : Ports;
        var text = new StringBuilder($"[Match]\nName={name}\n\n[Network]\n{Addresses(file.Addresses)}");
        if (file.Addresses.Count == 0)
        {
            text.Append("LinkLocalAddressing=no\nIPv6AcceptRA=no\n");
        }

        if (!file.Vlans.Any(vlan => Leads(file, vlan)))
        {
            text.Append(Way(file));
        }

        foreach (var vlan in file.Vlans)
        {
            text.Append(CultureInfo.InvariantCulture, $"VLAN={file.Device(vlan)}\n");
        }

        return text.ToString();
    }

    private static string Way(NodeFile file, NodeVlan vlan) => Leads(file, vlan) ? Way(file) : "";

    private static string Way(NodeFile file) => string.Concat(
        (file.Gateway.Length > 0 ? new[] { $"Gateway={file.Gateway}\n" } : []).Concat(file.Dns.Select(server => $"DNS={server}\n")));

    // The default route stands with the network that the gateway is in; the kernel refuses it elsewhere.
    private static bool Leads(NodeFile file, NodeVlan vlan) => IPAddress.TryParse(file.Gateway, out var gateway)
        && vlan.Addresses.Any(address => address != NodeFile.Dhcp && Network(address).Contains(gateway));

    private static IPNetwork Network(string cidr)
    {
        var parts = cidr.Split('/');
        var (bytes, length) = (IPAddress.Parse(parts[0]).GetAddressBytes(), int.Parse(parts[1], CultureInfo.InvariantCulture));
        for (var place = 0; place < bytes.Length; place++)
        {
            bytes[place] &= (byte)(0xFF00 >> Math.Clamp(length - (place * 8), 0, 8));
        }

        return new IPNetwork(new IPAddress(bytes), length);
    }

    private static string Addresses(IReadOnlyList<string> addresses) =>
        string.Concat(addresses.Select(address => address == NodeFile.Dhcp ? "DHCP=yes\n" : $"Address={address}\n"));
}
