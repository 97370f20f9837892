using System.Reflection;
using ArchUnitNET.Domain;
using ArchUnitNET.Fluent;
using ArchUnitNET.xUnitV3;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace Appliance.Contract.Tests.Architecture;

public sealed class DependencyTests
{
    /// <summary>Folders of each role in the order of the packet's line: a folder may use those before it.</summary>
    private static readonly (string Role, string[] Folders)[] Lines =
    [
        ("Appliance.Router", ["Capture", "Decoding", "Flows", "Devices", "Traffic", "Export", "Rules", "Nftables", "Response", "Network", "Site"]),
        ("Appliance.Detector", ["Features", "Detectors", "Models", "Baselines", "Alerts", "Inference", "Training"]),
        ("Appliance.Logger", ["Storage", "Flows", "Alerts", "Site", "Export", "Fanout", "Dashboard"]),
        ("Appliance.Bmc", ["Simulation", "Board", "Slots", "Images", "NodeFiles", "Flashing", "Recovery"]),
    ];

    public static TheoryData<string, string, string> ForbiddenPairs()
    {
        var pairs = new TheoryData<string, string, string>();
        foreach (var (role, folders) in Lines)
        {
            for (var earlier = 0; earlier < folders.Length; earlier++)
            {
                for (var later = earlier + 1; later < folders.Length; later++)
                {
                    pairs.Add(role, folders[earlier], folders[later]);
                }
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(ForbiddenPairs))]
    public void A_folder_uses_none_that_comes_after_it(string role, string earlier, string later)
    {
        var rule = Types().That().ResideInNamespaceMatching($@"^{role}\.{earlier}($|\.)").As($"{role}.{earlier}")
            .Should().NotDependOnAny(Types().That().ResideInNamespaceMatching($@"^{role}\.{later}($|\.)").As($"{role}.{later}"))
            .WithoutRequiringPositiveResults();

        rule.Check(Product.Architecture);
    }

    [Fact]
    public void A_role_never_references_another_role()
    {
        var names = Product.Roles.Select(role => role.GetName().Name).ToHashSet();

        var crossed = Product.Roles.SelectMany(role => role.GetReferencedAssemblies()
            .Where(reference => names.Contains(reference.Name))
            .Select(reference => $"{role.GetName().Name} -> {reference.Name}"));

        Assert.Empty(crossed);
    }

    [Fact]
    public void Hosting_knows_no_role()
    {
        var names = Product.Roles.Select(role => role.GetName().Name).ToHashSet();

        Assert.DoesNotContain(Product.Hosting.GetReferencedAssemblies(), reference => names.Contains(reference.Name));
    }

    [Fact]
    public void Mqtt_lives_in_the_fanout_folder_alone()
    {
        var outside = Users("MQTTnet", except: "Appliance.Logger.Fanout");

        Assert.Empty(outside);
    }

    [Fact]
    public void Wire_types_stop_at_service_and_client_classes()
    {
        // Client classes end with Watch or Client (they pull a stream), Intake (they put it away); Wire maps for service and client.
        var outside = Users("Appliance.Protos", except: "Appliance.Hosting").Where(name => !IsEdge(name));

        Assert.Empty(outside);
    }

    private static bool IsEdge(string typeName)
    {
        var name = typeName.Split('.')[^1].Split('+')[0].Split('/')[0];
        return name.EndsWith("GrpcService", StringComparison.Ordinal)
            || name.EndsWith("Watch", StringComparison.Ordinal)
            || name.EndsWith("Client", StringComparison.Ordinal)
            || name.EndsWith("Intake", StringComparison.Ordinal)
            || name.EndsWith("Wire", StringComparison.Ordinal)
            || name.EndsWith("Role", StringComparison.Ordinal)
            || name.EndsWith("Command", StringComparison.Ordinal);
    }

    /// <summary>Full names of the types that use a namespace, those below <paramref name="except"/> left out.</summary>
    private static IEnumerable<string> Users(string used, string except)
        => Product.Architecture.Types
            .Where(type => type.FullName.StartsWith("Appliance", StringComparison.Ordinal) && !type.FullName.StartsWith("Appliance.Protos", StringComparison.Ordinal))
            .Where(type => !type.FullName.StartsWith(except, StringComparison.Ordinal))
            .Where(type => type.Dependencies.Any(dependency => dependency.Target.FullName.StartsWith(used, StringComparison.Ordinal)))
            .Select(type => type.FullName);
}
