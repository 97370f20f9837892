using System.Diagnostics.CodeAnalysis;

namespace Appliance.Hosting;

/// <summary>The lower-case words that name roles in identities, folders and messages.</summary>
public static class RoleNames
{
    /// <summary>Every role's word, in the order of the board's slots.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<Role>().Select(Word)];

    public static string Word(this Role role) => role switch
    {
        Role.Router => "router",
        Role.Logger => "logger",
        Role.Detector => "detector",
        Role.Bmc => "bmc",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Role is not known."),
    };

    public static bool TryParse([NotNullWhen(true)] string? word, out Role role)
    {
        foreach (var candidate in Enum.GetValues<Role>())
        {
            if (candidate.Word() == word)
            {
                role = candidate;
                return true;
            }
        }

        role = default;
        return false;
    }
}
