using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Identity;
using Appliance.Hosting.Listeners;

namespace Appliance.Hosting.Enrollment;

/// <summary>What a node file may say, key by key.</summary>
internal static partial class NodeFileRules
{
    private const int MaxShown = 40;
    private const int MaxAddresses = 8;
    private const int MaxServers = 4;
    private const int MaxVlans = 32;
    private const int MaxSettings = 256;
    private const int MaxValue = 1024;

    // IFNAMSIZ of linux/if.h with its closing zero.
    private const int MaxDevice = 15;

    // The file names these itself, and a folder elsewhere would not be wiped by a factory reset.
    private static readonly string[] Own = ["Node:Site", "Node:Name", "Node:StateDirectory"];

    public static IReadOnlyList<FieldFault> Check(NodeFile file, bool isKept)
    {
        var faults = new List<FieldFault>();
        Require(faults, "site", file.Site, PeerIdentity.IsSite(file.Site), "1 to 63 of a-z, 0-9 and '-'");
        Require(faults, "name", file.Name, PeerIdentity.IsName(file.Name), "1 to 63 of a-z, 0-9 and '-', not '-' at an end");
        CheckRoles(faults, file);
        if (file.Addresses.Count > 0 || file.Vlans.Count == 0)
        {
            CheckAddresses(faults, "addresses", file.Addresses);
        }

        Require(faults, "gateway", file.Gateway, file.Gateway.Length == 0 || IsAddress(file.Gateway), "an IP address, for example 192.168.1.1");
        foreach (var server in file.Dns.Where(server => !IsAddress(server)))
        {
            Require(faults, "dns", server, isGood: false, "IP addresses, for example 192.168.1.1");
        }

        RequireCount(faults, "dns", file.Dns.Count, MaxServers);
        CheckVlans(faults, file.Vlans);
        CheckDevices(faults, file);
        Require(faults, "interface", file.Interface, file.Interface.Length == 0 || InterfaceName().IsMatch(file.Interface), "the name of a network port, 1 to 15 letters, digits, '.', '_', '-' or '*'");
        CheckRouter(faults, file);
        CheckSettings(faults, file.Settings);
        CheckAuthority(faults, file, isKept);
        return faults;
    }

    /// <summary>A foreign value, short enough for one line.</summary>
    public static string Shown(string value) => ForeignText.OneLine(value, MaxShown);

    public static bool IsAddress(string text) => IPAddress.TryParse(text, out var address) && address.ScopeIdOrZero() == 0 && address.ToString() == text;

    public static bool IsCidr(string text)
    {
        var parts = text.Split('/');
        return parts.Length == 2
            && IsAddress(parts[0])
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            && length >= 1
            && length <= (IPAddress.Parse(parts[0]).GetAddressBytes().Length * 8)
            && parts[1] == length.ToString(CultureInfo.InvariantCulture);
    }

    private static void CheckAddresses(List<FieldFault> faults, string field, IReadOnlyList<string> addresses)
    {
        if (addresses.Contains(NodeFile.Dhcp, StringComparer.Ordinal) ? addresses.Count > 1 : addresses.Count == 0)
        {
            faults.Add(new FieldFault(field, $"has {addresses.Count} entries; it takes '{NodeFile.Dhcp}' alone, or addresses such as 192.168.1.2/24"));
        }

        foreach (var address in addresses.Where(address => address != NodeFile.Dhcp && !IsCidr(address)))
        {
            Require(faults, field, address, isGood: false, $"'{NodeFile.Dhcp}', or addresses with their prefix such as 192.168.1.2/24");
        }

        RequireCount(faults, field, addresses.Count, MaxAddresses);
    }

    private static void CheckVlans(List<FieldFault> faults, IReadOnlyList<NodeVlan> vlans)
    {
        foreach (var vlan in vlans)
        {
            // IEEE 802.1Q, table 9-2: 0 and 4095 name no network.
            Require(faults, "vlans.id", vlan.Id.ToString(CultureInfo.InvariantCulture), vlan.Id is >= 1 and <= 4094, "1 to 4094");
            CheckAddresses(faults, $"vlans.{vlan.Id}.addresses", vlan.Addresses);
        }

        foreach (var same in vlans.GroupBy(vlan => vlan.Id).Where(same => same.Count() > 1))
        {
            faults.Add(new FieldFault("vlans", $"has {same.Key} {same.Count()} times; once is enough"));
        }

        RequireCount(faults, "vlans", vlans.Count, MaxVlans);
    }

    private static void CheckDevices(List<FieldFault> faults, NodeFile file)
    {
        if (file.Vlans.Count == 0 || (file.Interface.Length > 0 && !InterfaceName().IsMatch(file.Interface)))
        {
            return;
        }

        Require(faults, "interface", file.Interface, !file.Interface.Contains('*', StringComparison.Ordinal), "the name of one port beside vlans, which are on it");
        foreach (var vlan in file.Vlans.Where(vlan => file.Device(vlan).Length > MaxDevice))
        {
            Require(faults, "vlans", file.Device(vlan), isGood: false, $"a port with a shorter name: the device of a tagged network has at most {MaxDevice} characters");
        }
    }

    // The router's part of enrolment hangs on the first role, so it can only be that.
    private static void CheckRoles(List<FieldFault> faults, NodeFile file)
    {
        foreach (var role in file.FurtherRoles.Select(further => further.Role).Where(role => role == Role.Router || file.Roles.Count(other => other == role) > 1).Distinct())
        {
            Require(faults, "further_roles", role.Word(), isGood: false, "each of logger, detector and bmc once, and none that the node has already");
        }
    }

    private static void CheckRouter(List<FieldFault> faults, NodeFile file)
    {
        var isGood = file.Router.Length == 0 ? file.Role == Role.Router : file.Router.Length <= 253 && Uri.CheckHostName(file.Router) != UriHostNameType.Unknown;
        Require(faults, "router", file.Router, isGood, "the host name or address of the site's router");
    }

    private static void CheckSettings(List<FieldFault> faults, IReadOnlyDictionary<string, string> settings)
    {
        RequireCount(faults, "settings", settings.Count, MaxSettings);
        foreach (var (key, value) in settings)
        {
            if (!SettingKey().IsMatch(key) || Own.Contains(key, StringComparer.OrdinalIgnoreCase))
            {
                Require(faults, "settings", key, isGood: false, "keys such as Router:Response:Mode, and none that the file itself names");
            }
            else if (value.Length > MaxValue || value.Any(char.IsControl))
            {
                Require(faults, $"settings.{key}", value, isGood: false, $"at most {MaxValue} characters, none of them a control character");
            }
        }
    }

    private static void CheckAuthority(List<FieldFault> faults, NodeFile file, bool isKept)
    {
        using var authority = LoadAuthority(file.Authority);
        if (authority is null)
        {
            faults.Add(new FieldFault("authority", "is no certificate; it takes the site's ca.crt"));
            return;
        }

        var site = UriNames.TryReadSingle(authority, out var uri) && CertificateForm.TrySite(uri, out var named) ? named : "none";
        var digest = Convert.ToHexStringLower(SHA256.HashData(authority.RawData));
        Require(faults, "ca_sha256", file.AuthoritySha256, file.AuthoritySha256 == digest, $"that of the authority's certificate, {digest}");
        Require(faults, "site", file.Site, file.Site == site, $"the authority's, '{Shown(site)}'");
        if (file.Role == Role.Router)
        {
            Require(faults, "token", "set", file.Token.Length == 0, "none in a router's file, which holds the authority");
            Require(faults, "authority_key", "missing or of another authority", (isKept && file.AuthorityKey.Length == 0) || IsKeyOf(file.AuthorityKey, authority), "the authority's ca.key in a router's file");
        }
        else
        {
            Require(faults, "authority_key", "set", file.AuthorityKey.Length == 0, "none but in a router's file");
            CheckToken(faults, file, authority, "token", file.Role, file.Token);
        }

        foreach (var further in file.FurtherRoles)
        {
            if (file.Role == Role.Router)
            {
                Require(faults, "further_roles.token", "set", further.Token.Length == 0, "none in a router's file, which holds the authority");
            }
            else
            {
                CheckToken(faults, file, authority, "further_roles.token", further.Role, further.Token);
            }
        }
    }

    private static void CheckToken(List<FieldFault> faults, NodeFile file, X509Certificate2 authority, string field, Role role, string text)
    {
        if (!EnrollmentToken.TryRead(text, authority, out var token))
        {
            faults.Add(new FieldFault(field, "is not one that this authority signed; write the file anew with 'appliance image node-file'"));
            return;
        }

        var (held, named) = (PeerIdentity.OfNode(token.Site, token.Name, token.Role), PeerIdentity.OfNode(file.Site, file.Name, role));
        Require(faults, field, held.ToString(), held == named, $"one for {named}");
    }

    private static X509Certificate2? LoadAuthority(string pem)
    {
        try
        {
            return X509Certificate2.CreateFromPem(pem);
        }
        catch (Exception error) when (error is CryptographicException or NotSupportedException)
        {
            return null;
        }
    }

    private static bool IsKeyOf(string pem, X509Certificate2 authority)
    {
        try
        {
            using var pair = X509Certificate2.CreateFromPem(authority.ExportCertificatePem(), pem);
            return pair.HasPrivateKey;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    private static void Require(List<FieldFault> faults, string field, string value, bool isGood, string wanted)
    {
        if (!isGood)
        {
            faults.Add(new FieldFault(field, $"is '{Shown(value)}'; it takes {wanted}"));
        }
    }

    private static void RequireCount(List<FieldFault> faults, string field, int count, int most)
    {
        if (count > most)
        {
            faults.Add(new FieldFault(field, $"has {count} entries; it takes at most {most}"));
        }
    }

    private static long ScopeIdOrZero(this IPAddress address) => address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? address.ScopeId : 0;

    [GeneratedRegex("^[A-Za-z0-9*][A-Za-z0-9*._-]{0,14}$", RegexOptions.None, 1000)]
    private static partial Regex InterfaceName();

    [GeneratedRegex("^[A-Za-z0-9]+(:[A-Za-z0-9._-]+){0,9}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SettingKey();
}
