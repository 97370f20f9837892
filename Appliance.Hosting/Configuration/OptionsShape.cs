using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Appliance.Hosting.Configuration;

/// <summary>What the configuration binder would see in an options type.</summary>
internal static class OptionsShape
{
    /// <summary>Keys of the type's settings.</summary>
    public static IReadOnlyDictionary<string, PropertyInfo> Properties(Type? type) => (type ?? typeof(object))
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.GetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0)
        .Where(property => property.SetMethod is { IsPublic: true } || IsCollection(property.PropertyType))
        .ToDictionary(
            property => property.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name ?? property.Name,
            StringComparer.OrdinalIgnoreCase);

    public static bool TryProperty(Type? type, string key, [NotNullWhen(true)] out PropertyInfo? property) =>
        Properties(type).TryGetValue(key, out property);

    /// <summary>A class of ours with settings of its own, and neither a value nor a collection.</summary>
    public static bool IsNested(Type type) =>
        type.IsClass && type != typeof(string) && type != typeof(Uri) && !IsCollection(type)
        && type.Namespace?.StartsWith("System", StringComparison.Ordinal) != true;

    public static bool IsCollection(Type type) => type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type);

    /// <summary>Type of a collection's members: the value's type where it is a dictionary.</summary>
    public static Type ElementType(Type collection)
    {
        if (collection.IsArray)
        {
            return collection.GetElementType()!;
        }

        var arguments = collection.IsGenericType ? collection.GetGenericArguments() : [typeof(string)];
        return arguments[^1];
    }
}
