using System.Text.Json;
using Appliance.Hosting.Errors;

namespace Appliance.Hosting.Enrollment;

/// <summary>Takes a node file's keys out of its JSON; every key that is missing, unknown or of another kind is a fault.</summary>
internal sealed class NodeFileReader
{
    // Read by nobody, so a file cannot make the list of faults endless.
    private const int MaxFaults = 32;

    private static readonly string[] Known =
    [
        "schema", "site", "name", "role", "further_roles", "addresses", "gateway", "dns", "vlans", "interface", "router", "settings", "authority", "ca_sha256", "token", "authority_key", "signature",
    ];

    private readonly List<FieldFault> _faults = [];

    public NodeFile Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidInputException("node file", $"is {Kind(root)}; it takes one JSON object");
        }

        RefuseUnknown(root, "", Known);
        if (!root.TryGetProperty("schema", out var schema) || schema.ValueKind != JsonValueKind.Number || !schema.TryGetInt32(out var number) || number != NodeFile.Schema)
        {
            throw new InvalidInputException("schema", $"is {Shown(root, "schema")}; this program reads {NodeFile.Schema}; write the file with the program of the image's version");
        }

        var file = new NodeFile
        {
            Site = Text(root, "site", isRequired: true),
            Name = Text(root, "name", isRequired: true),
            Role = ReadRole(root, "role"),
            FurtherRoles = ReadFurtherRoles(root),
            Addresses = List(root, "addresses"),
            Gateway = Text(root, "gateway", isRequired: false),
            Dns = List(root, "dns"),
            Vlans = ReadVlans(root),
            Interface = Text(root, "interface", isRequired: false),
            Router = Text(root, "router", isRequired: false),
            Settings = ReadSettings(root),
            Authority = Text(root, "authority", isRequired: true),
            AuthoritySha256 = Text(root, "ca_sha256", isRequired: true),
            Token = Text(root, "token", isRequired: false),
            AuthorityKey = Text(root, "authority_key", isRequired: false),
            Signature = Text(root, "signature", isRequired: true),
        };
        return _faults.Count == 0 ? file : throw new InvalidInputException(_faults.Take(MaxFaults));
    }

    private List<FurtherRole> ReadFurtherRoles(JsonElement root)
    {
        var roles = new List<FurtherRole>();
        if (!root.TryGetProperty("further_roles", out var list))
        {
            return roles;
        }

        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(entry => entry.ValueKind != JsonValueKind.Object))
        {
            Fault("further_roles", $"is {Kind(list)}; it takes a list of objects with 'role' and 'token'");
            return roles;
        }

        foreach (var further in list.EnumerateArray())
        {
            RefuseUnknown(further, "further_roles.", ["role", "token"]);
            roles.Add(new FurtherRole(ReadRole(further, "further_roles.role"), Text(further, "token", isRequired: false)));
        }

        return roles;
    }

    private Role ReadRole(JsonElement root, string field)
    {
        var word = Text(root, "role", isRequired: true);
        if (!RoleNames.TryParse(word, out var role))
        {
            Fault(field, $"is '{NodeFileRules.Shown(word)}'; it takes one of {string.Join(", ", RoleNames.All)}");
        }

        return role;
    }

    private List<NodeVlan> ReadVlans(JsonElement root)
    {
        var vlans = new List<NodeVlan>();
        if (!root.TryGetProperty("vlans", out var list))
        {
            return vlans;
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            Fault("vlans", $"is {Kind(list)}; it takes a list");
            return vlans;
        }

        foreach (var vlan in list.EnumerateArray())
        {
            if (vlan.ValueKind == JsonValueKind.Object && vlan.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out var number))
            {
                RefuseUnknown(vlan, "vlans.", ["id", "addresses"]);
                vlans.Add(new NodeVlan(number, List(vlan, "addresses")));
            }
            else
            {
                Fault("vlans", "has an entry without a number 'id'");
            }
        }

        return vlans;
    }

    private Dictionary<string, string> ReadSettings(JsonElement root)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!root.TryGetProperty("settings", out var found))
        {
            return settings;
        }

        if (found.ValueKind != JsonValueKind.Object)
        {
            Fault("settings", $"is {Kind(found)}; it takes an object of keys and texts");
            return settings;
        }

        foreach (var setting in found.EnumerateObject())
        {
            if (setting.Value.ValueKind == JsonValueKind.String)
            {
                settings[setting.Name] = setting.Value.GetString()!;
            }
            else
            {
                Fault($"settings.{NodeFileRules.Shown(setting.Name)}", $"is {Kind(setting.Value)}; it takes a text");
            }
        }

        return settings;
    }

    private string Text(JsonElement root, string key, bool isRequired)
    {
        if (root.TryGetProperty(key, out var found) && found.ValueKind == JsonValueKind.String)
        {
            return found.GetString()!;
        }

        if (found.ValueKind != JsonValueKind.Undefined)
        {
            Fault(key, $"is {Kind(found)}; it takes a text");
        }
        else if (isRequired)
        {
            Fault(key, "is missing");
        }

        return "";
    }

    private List<string> List(JsonElement root, string key)
    {
        if (!root.TryGetProperty(key, out var found))
        {
            return [];
        }

        if (found.ValueKind == JsonValueKind.Array && found.EnumerateArray().All(entry => entry.ValueKind == JsonValueKind.String))
        {
            return [.. found.EnumerateArray().Select(entry => entry.GetString()!)];
        }

        Fault(key, $"is {Kind(found)}; it takes a list of texts");
        return [];
    }

    private void RefuseUnknown(JsonElement found, string path, string[] known)
    {
        foreach (var property in found.EnumerateObject().Where(property => !known.Contains(property.Name, StringComparer.Ordinal)))
        {
            Fault($"{path}{NodeFileRules.Shown(property.Name)}", "is not known; the file may be of a later version than this program");
        }
    }

    private void Fault(string field, string fault) => _faults.Add(new FieldFault(field, fault));

    private static string Shown(JsonElement root, string key) => root.TryGetProperty(key, out var found) ? $"'{NodeFileRules.Shown(found.GetRawText())}'" : "missing";

    private static string Kind(JsonElement found) => found.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list of other things",
        JsonValueKind.Number => "a number",
        JsonValueKind.String => "a text",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
