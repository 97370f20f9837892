using System.Reflection;
using ArchUnitNET.Loader;
using Type = System.Type;

namespace Appliance.Contract.Tests.Architecture;

/// <summary>The assemblies that the rules of the house are checked on.</summary>
internal static class Product
{
    public static readonly Assembly Router = Assembly.Load("Appliance.Router");
    public static readonly Assembly Detector = Assembly.Load("Appliance.Detector");
    public static readonly Assembly Logger = Assembly.Load("Appliance.Logger");
    public static readonly Assembly Bmc = Assembly.Load("Appliance.Bmc");
    public static readonly Assembly Hosting = Assembly.Load("Appliance.Hosting");
    public static readonly Assembly Executable = Assembly.Load("appliance");

    public static readonly Assembly[] Roles = [Router, Detector, Logger, Bmc];
    public static readonly Assembly[] All = [.. Roles, Hosting, Executable];

    public static readonly ArchUnitNET.Domain.Architecture Architecture = new ArchLoader().LoadAssemblies(All).Build();

    /// <summary>Types written by hand: neither the compiler's nor a generator's.</summary>
    public static IEnumerable<Type> WrittenTypes(Assembly assembly)
        => assembly.GetTypes().Where(type =>
            !type.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute), inherit: false)
            && !type.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute), inherit: false)
            && type.DeclaringType is null
            && type.FullName?.StartsWith("Appliance", StringComparison.Ordinal) == true
            && !type.Name.Contains('<', StringComparison.Ordinal)
            && type.Name != "Program"
            && type.Name != "_Imports");
}
