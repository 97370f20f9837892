using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Appliance.Hosting.Configuration;

/// <summary>Binds one section as the binder does, but goes on after a fault so that all are told.</summary>
internal sealed class SectionValues(IConfiguration configuration, OptionsSection section)
{
    private static readonly string[] Secrets = ["Password", "Secret", "Token", "Key"];

    private readonly List<string> _faults = [];
    private readonly HashSet<string> _unusable = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<string> Check()
    {
        var stated = configuration.GetSection(section.Path);
        Convert(stated, section.Type);
        var usable = new ConfigurationBuilder().AddInMemoryCollection(stated.AsEnumerable().Where(IsUsable)).Build();
        var instance = Activator.CreateInstance(section.Type)!;
        usable.GetSection(section.Path).Bind(instance);
        Validate(instance, section.Path);
        return _faults;
    }

    private bool IsUsable(KeyValuePair<string, string?> entry) =>
        !_unusable.Any(path => entry.Key.Equals(path, StringComparison.OrdinalIgnoreCase)
            || entry.Key.StartsWith(path + ":", StringComparison.OrdinalIgnoreCase));

    private void Convert(IConfigurationSection at, Type type)
    {
        foreach (var child in at.GetChildren())
        {
            if (OptionsShape.TryProperty(type, child.Key, out var property))
            {
                ConvertValue(child, property.PropertyType);
            }
        }
    }

    private void ConvertValue(IConfigurationSection at, Type type)
    {
        if (OptionsShape.IsNested(type))
        {
            Convert(at, type);
        }
        else if (OptionsShape.IsCollection(type))
        {
            foreach (var member in at.GetChildren())
            {
                ConvertValue(member, OptionsShape.ElementType(type));
            }
        }
        else if (at.GetChildren().Any())
        {
            // The keys under it are told as unknown; the binder would make a value of nothing here.
            _unusable.Add(at.Path);
        }
        else if (!Converts(at, type))
        {
            _unusable.Add(at.Path);
            _faults.Add($"{at.Path} is {Quote(at.Path, at.Value)}; it takes {Wanted(type)}.");
        }
    }

    private static bool Converts(IConfigurationSection at, Type type)
    {
        try
        {
            at.Get(type);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private void Validate(object instance, string path)
    {
        var requiredIsMissing = false;
        foreach (var (key, property) in OptionsShape.Properties(instance.GetType()))
        {
            var value = property.GetValue(instance);
            var attributes = property.GetCustomAttributes(inherit: true).OfType<ValidationAttribute>();
            var context = new ValidationContext(instance) { MemberName = property.Name, DisplayName = key };
            foreach (var attribute in attributes)
            {
                var result = attribute.GetValidationResult(value, context);
                requiredIsMissing |= result is not null && attribute is RequiredAttribute;
                Add(ConfigurationPath.Combine(path, key), value, result);
            }

            ValidateInner(value, ConfigurationPath.Combine(path, key));
        }

        // Rules between settings may not expect null where a required one is missing.
        if (!requiredIsMissing && instance is IValidatableObject rules)
        {
            AddRules(instance, path, rules);
        }
    }

    private void ValidateInner(object? value, string path)
    {
        if (value is null || value is string)
        {
            return;
        }

        if (OptionsShape.IsNested(value.GetType()))
        {
            Validate(value, path);
        }
        else if (value is System.Collections.IDictionary dictionary)
        {
            foreach (System.Collections.DictionaryEntry entry in dictionary)
            {
                ValidateInner(entry.Value, ConfigurationPath.Combine(path, System.Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!));
            }
        }
        else if (value is System.Collections.IEnumerable members)
        {
            var index = 0;
            foreach (var member in members)
            {
                ValidateInner(member, ConfigurationPath.Combine(path, index++.ToString(CultureInfo.InvariantCulture)));
            }
        }
    }

    private void AddRules(object instance, string path, IValidatableObject rules)
    {
        foreach (var result in rules.Validate(new ValidationContext(instance)))
        {
            var name = result.MemberNames.FirstOrDefault();
            var value = name is null ? null : instance.GetType().GetProperty(name)?.GetValue(instance);
            Add(name is null ? path : ConfigurationPath.Combine(path, name), value, result);
        }
    }

    private void Add(string path, object? value, ValidationResult? result)
    {
        if (result is not null)
        {
            var shown = value is null or string or IFormattable or Uri ? $" is {Quote(path, System.Convert.ToString(value, CultureInfo.InvariantCulture))}" : "";
            _faults.Add($"{path}{shown}: {result.ErrorMessage?.TrimEnd('.')}.");
        }
    }

    private static string Quote(string path, string? value) =>
        Secrets.Any(word => path.EndsWith(word, StringComparison.OrdinalIgnoreCase)) ? "set (not shown)" : $"'{value}'";

    private static string Wanted(Type type)
    {
        var value = Nullable.GetUnderlyingType(type) ?? type;
        return value switch
        {
            { IsEnum: true } => $"one of {string.Join(", ", Enum.GetNames(value))}",
            _ when value == typeof(bool) => "true or false",
            _ when value == typeof(TimeSpan) => "a duration such as 00:01:30 (hours:minutes:seconds)",
            _ when value == typeof(int) || value == typeof(long) || value == typeof(ushort) => "a whole number",
            _ when value == typeof(double) || value == typeof(decimal) => "a number",
            _ => $"a value of type {value.Name}",
        };
    }
}
