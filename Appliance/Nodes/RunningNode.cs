using System.Text.Json;
using Appliance.Hosting;

namespace Appliance.Nodes;

/// <summary>Which role and name the kept node file gives this machine. Only that is read: the rest is first boot's to judge.</summary>
internal static class RunningNode
{
    /// <summary>Throws <see cref="JsonException"/> or <see cref="InvalidDataException"/> where it says neither.</summary>
    public static (Role Role, string Name) Read(string nodeFile)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(nodeFile));
        return document.RootElement.TryGetProperty("role", out var word) && RoleNames.TryParse(word.GetString(), out var role)
            && document.RootElement.TryGetProperty("name", out var name) && name.GetString() is { Length: > 0 } text
            ? (role, text)
            : throw new InvalidDataException($"{nodeFile} names no role and node.");
    }
}
