using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Nftables.Rendering;

/// <summary>Names of kernel objects that come from people's names. The policy's check has refused what could end a word here; this holds it once more.</summary>
internal static class Names
{
    /// <summary>Interfaces of zones to the internet.</summary>
    public const string Outside = "outside";

    /// <summary>Interfaces of zones whose stations may manage the gateway.</summary>
    public const string Management = "management";

    /// <summary>Interfaces of zones that the gateway serves with DHCP, DNS and NTP.</summary>
    public const string Served = "served";

    /// <summary>What the names of a rule's chain and counter begin with.</summary>
    public const string RulePrefix = "rule_";

    /// <summary>What the name of the chain begins with that a logged rule's lines lead to.</summary>
    public const string HitPrefix = "hit_";

    /// <summary>What the name of a rule's rate begins with.</summary>
    public const string LimitPrefix = "limit_";

    public static string OfZone(string zone) => $"zone_{Plain(zone)}";

    /// <summary>Of a rule's chain and its counter.</summary>
    public static string OfRule(PolicyRule rule) => $"{RulePrefix}{Plain(rule.Id)}";

    /// <summary>Of the chain that a logged rule's lines lead to.</summary>
    public static string OfHit(PolicyRule rule) => $"{HitPrefix}{Plain(rule.Id)}";

    public static string OfLimit(PolicyRule rule) => $"{LimitPrefix}{Plain(rule.Id)}";

    public static string OfAddressSet(string id, bool isVersion6) => $"set_{Plain(id)}_{(isVersion6 ? 6 : 4)}";

    public static string OfInterface(string name) => name.Length is > 0 and < 16 && name.All(letter => letter is > ' ' and < '\x7f' and not ('"' or '\\' or '/' or '*'))
        ? $"\"{name}\""
        : throw new ArgumentException($"'{name}' is no name of an interface that a rule can hold.", nameof(name));

    private static string Plain(string name) => name.Length is > 0 and <= 64 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
        ? name
        : throw new ArgumentException($"'{name}' is no name that a kernel object can have.", nameof(name));
}
