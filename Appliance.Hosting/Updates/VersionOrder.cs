using System.Globalization;
using System.Text.RegularExpressions;

namespace Appliance.Hosting.Updates;

/// <summary>Which of two versions is the newer: Semantic Versioning 2.0.0 section 11, with any count of numbers, and Debian's '~' beside '-'.</summary>
public static partial class VersionOrder
{
    /// <summary>True for text that has a place in the order.</summary>
    public static bool IsVersion(string text) => text.Length <= 64 && Shape().IsMatch(text);

    /// <summary>Below zero when the first is the older. Both have to be versions.</summary>
    public static int Compare(string first, string second)
    {
        var (numbers, tags) = Split(first);
        var (otherNumbers, otherTags) = Split(second);
        var order = CompareParts(numbers, otherNumbers, missing: "0");
        if (order != 0)
        {
            return order;
        }

        // 1.2.0-rc1 comes before 1.2.0.
        return tags.Length == 0 || otherTags.Length == 0
            ? (tags.Length == 0).CompareTo(otherTags.Length == 0)
            : CompareParts(tags, otherTags, missing: null);
    }

    private static (string[] Numbers, string[] Tags) Split(string version)
    {
        // What is behind '+' says where it was built, and has no part in the order.
        var plain = version.Split('+')[0];
        var cut = plain.AsSpan().IndexOfAny('-', '~');
        return cut < 0 ? (plain.Split('.'), []) : (plain[..cut].Split('.'), plain[(cut + 1)..].Split('.', '-', '~'));
    }

    private static int CompareParts(string[] parts, string[] others, string? missing)
    {
        for (var at = 0; at < Math.Max(parts.Length, others.Length); at++)
        {
            var part = at < parts.Length ? parts[at] : missing;
            var other = at < others.Length ? others[at] : missing;
            var order = part is null || other is null ? (part is null ? -1 : 1) : ComparePart(part, other);
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    // Section 11.4: numbers by value and before words, words by their bytes.
    private static int ComparePart(string part, string other)
    {
        var isNumber = ulong.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        var isOtherNumber = ulong.TryParse(other, NumberStyles.None, CultureInfo.InvariantCulture, out var otherNumber);
        return isNumber && isOtherNumber ? number.CompareTo(otherNumber)
            : isNumber != isOtherNumber ? (isNumber ? -1 : 1)
            : string.CompareOrdinal(part, other);
    }

    [GeneratedRegex(@"^[0-9]{1,9}(\.[0-9]{1,9}){0,7}([-~][0-9A-Za-z][0-9A-Za-z.~-]*)?(\+[0-9A-Za-z.-]+)?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Shape();
}
