using System.Reflection;

namespace Appliance.Contract.Tests.Architecture;

[Trait("Category", "Slow")]
public sealed class ShapeTests
{
    private static readonly string[] BannedEndings = ["Manager", "Helper", "Helpers", "Util", "Utils", "Processor", "Data", "Info", "Base", "Impl"];

    [Fact]
    public void Names_have_no_empty_endings()
    {
        var named = Product.All.SelectMany(Product.WrittenTypes)
            .Select(type => type.Name.Split('`')[0])
            .Where(name => BannedEndings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal)));

        Assert.Empty(named);
    }

    [Fact]
    public void Nothing_static_can_change()
    {
        var mutable = Product.All.SelectMany(assembly => assembly.GetTypes())
            .Where(type => !IsGenerated(type))
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(field => !field.IsLiteral && !field.IsInitOnly && !field.Name.Contains('<', StringComparison.Ordinal))
            .Select(field => $"{field.DeclaringType}.{field.Name}");

        Assert.Empty(mutable);
    }

    [Fact]
    public void Public_behaviour_is_sealed()
    {
        var open = Product.All.SelectMany(Product.WrittenTypes)
            .Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false })
            .Where(type => !typeof(Exception).IsAssignableFrom(type) && !typeof(Microsoft.AspNetCore.Components.IComponent).IsAssignableFrom(type))
            .Select(type => type.FullName);

        Assert.Empty(open);
    }

    [Fact]
    public void A_constructor_takes_at_most_five_dependencies()
    {
        var crowded = Product.All.SelectMany(Product.WrittenTypes)
            .Where(type => type.IsClass && !IsRecord(type) && !typeof(Exception).IsAssignableFrom(type))
            .SelectMany(type => type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(constructor => constructor.GetParameters().Length > 5)
            .Select(constructor => $"{constructor.DeclaringType}: {constructor.GetParameters().Length}");

        Assert.Empty(crowded);
    }

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;

    private static bool IsGenerated(Type type)
        => type.Name.Contains('<', StringComparison.Ordinal)
            || type.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute), inherit: true)
            || type.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute), inherit: true)
            || typeof(System.Text.Json.Serialization.JsonSerializerContext).IsAssignableFrom(type)
            || (type.DeclaringType is not null && IsGenerated(type.DeclaringType));
}
