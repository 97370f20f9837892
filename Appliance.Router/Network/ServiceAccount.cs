using System.Globalization;

namespace Appliance.Router.Network;

/// <summary>The user that dnsmasq runs as where the Router is root.</summary>
internal readonly record struct ServiceAccount(string Name, uint User, uint Group)
{
    // Debian's package makes the first; the second is everywhere.
    private static readonly string[] Wanted = ["dnsmasq", "nobody"];

    /// <summary>From the text of /etc/passwd (passwd(5)); null where neither is in it.</summary>
    public static ServiceAccount? Find(string text)
    {
        var accounts = text.Split('\n').Select(line => line.Split(':')).Where(parts => parts.Length >= 4 && Wanted.Contains(parts[0])).ToDictionary(parts => parts[0]);
        foreach (var name in Wanted)
        {
            if (accounts.TryGetValue(name, out var parts)
                && uint.TryParse(parts[2], CultureInfo.InvariantCulture, out var user)
                && uint.TryParse(parts[3], CultureInfo.InvariantCulture, out var group))
            {
                return new ServiceAccount(name, user, group);
            }
        }

        return null;
    }
}
