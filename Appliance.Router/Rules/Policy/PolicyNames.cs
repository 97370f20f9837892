using System.Text.RegularExpressions;

namespace Appliance.Router.Rules.Policy;

/// <summary>How things in a policy may be called: all of it ends in nftables' text.</summary>
internal static partial class PolicyNames
{
    public const int MaxNameLength = 100;

    /// <summary>Zones and rules.</summary>
    public static bool IsWord(string text) => Word().IsMatch(text);

    /// <summary>IFNAMSIZ is 16 with the ending zero; nft reads '*' as a pattern and a quote as the name's end.</summary>
    public static bool IsInterface(string text) => Interface().IsMatch(text);

    public static string Quote(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));

    [GeneratedRegex(@"\A[a-z0-9_-]{1,32}\z", RegexOptions.None, 1000)]
    private static partial Regex Word();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,14}\z", RegexOptions.None, 1000)]
    private static partial Regex Interface();
}
