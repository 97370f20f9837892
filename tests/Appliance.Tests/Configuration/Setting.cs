using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Appliance.Hosting.Configuration;

namespace Appliance.Tests.Configuration;

/// <summary>One key that the configuration file may hold, and what is bad for it.</summary>
/// <param name="Path">Where it stands; a member of a list or dictionary stands for all of them.</param>
/// <param name="Type">What it is read as.</param>
/// <param name="Range">Its bounds, where it has some.</param>
internal sealed record Setting(string Path, Type Type, RangeAttribute? Range)
{
    /// <summary>No number, no duration, no address, no name, and no path either.</summary>
    private const string Nonsense = "?\u0001";

    /// <summary>Every key of every section.</summary>
    public static IReadOnlyList<Setting> All(IEnumerable<OptionsSection> sections)
        => [.. sections.SelectMany(section => Of(section.Path, section.Type)).DistinctBy(setting => setting.Path)];

    /// <summary>A value of the wrong kind.</summary>
    public KeyValuePair<string, string?> OfTheWrongKind => new(Path, Nonsense);

    /// <summary>A value of the right kind, one below what it may be.</summary>
    public KeyValuePair<string, string?> OutOfBounds => new(Path, Below());

    public bool HasBounds => Type.IsEnum || (Type.IsValueType && Type != typeof(bool));

    private string Below()
    {
        var minimum = Range is null ? null : Convert.ToString(Range.Minimum, CultureInfo.InvariantCulture);
        return Type.IsEnum || minimum is null ? "-99"
            : Type == typeof(TimeSpan) ? (TimeSpan.Parse(minimum, CultureInfo.InvariantCulture) - TimeSpan.FromMilliseconds(1)).ToString()
            : (double.Parse(minimum, CultureInfo.InvariantCulture) - (Type == typeof(double) ? 0.000_001 : 1)).ToString(CultureInfo.InvariantCulture);
    }

    private static IEnumerable<Setting> Of(string path, Type type)
        => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod is { IsPublic: true })
            .SelectMany(property => Of($"{path}:{property.Name}", Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, property));

    private static IEnumerable<Setting> Of(string path, Type type, PropertyInfo property)
        => type == typeof(string) || type == typeof(Uri) || type.IsValueType ? [new Setting(path, type, property.GetCustomAttribute<RangeAttribute>())]
            : !typeof(IEnumerable).IsAssignableFrom(type) ? Of(path, type)
            : type.IsArray ? Of($"{path}:0", type.GetElementType()!, property)
            : Of($"{path}:0", type.GetGenericArguments()[^1], property);
}
