using System.Text.Json;
using Appliance.Hosting;

namespace Appliance.Nodes;

/// <summary>Which name and roles the kept node file gives this machine. Only that is read: the rest is first boot's to judge.</summary>
internal sealed record RunningNode(string Name, IReadOnlyList<Role> Roles)
{
    /// <summary>The roles' words with '+' between them.</summary>
    public string Words => string.Join('+', Roles.Select(role => role.Word()));

    /// <summary>Throws <see cref="JsonException"/> or <see cref="InvalidDataException"/> where it says neither.</summary>
    public static RunningNode Read(string nodeFile)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(nodeFile));
        var root = document.RootElement;
        IEnumerable<JsonElement> further = root.TryGetProperty("further_roles", out var list) ? list.EnumerateArray() : [];
        var words = further.Prepend(root).Select(entry => Text(entry, "role")).ToList();
        return Text(root, "name") is { Length: > 0 } name && words.TrueForAll(word => RoleNames.TryParse(word, out _))
            ? new RunningNode(name, [.. words.Select(word => RoleNames.TryParse(word, out var role) ? role : default)])
            : throw new InvalidDataException($"{nodeFile} names no role and node.");
    }

    private static string? Text(JsonElement entry, string key) => entry.TryGetProperty(key, out var found) && found.ValueKind == JsonValueKind.String ? found.GetString() : null;
}
