using System.Reflection;
using Appliance.Hosting.Authorization;
using Appliance.Protos.Node.V1;
using Google.Protobuf.Reflection;
using Grpc.Health.V1;

namespace Appliance.Contract.Tests.Authorization;

public sealed class MethodTableTests
{
    [Fact]
    public void Every_method_of_the_contract_is_in_the_table()
    {
        var missing = Contract().Except(MethodTable.Methods);

        Assert.Empty(missing);
    }

    [Fact]
    public void Table_names_no_method_that_does_not_exist()
    {
        var dead = MethodTable.Methods.Except(Contract());

        Assert.Empty(dead);
    }

    [Fact]
    public void Contract_is_found_by_reflection()
    {
        Assert.Superset(
            new HashSet<string> { "appliance.traffic.v1.TrafficService/WatchFlows", "appliance.node.v1.NodeService/GetNode", "grpc.health.v1.Health/Check" },
            Contract().ToHashSet());
    }

    // Our own protos, and the published ones that every role answers.
    private static IEnumerable<string> Contract() => Files(typeof(NodeReflection).Assembly)
        .Concat([HealthReflection.Descriptor, Grpc.Reflection.V1.ReflectionReflection.Descriptor, Grpc.Reflection.V1Alpha.ReflectionReflection.Descriptor])
        .SelectMany(file => file.Services)
        .SelectMany(service => service.Methods, (service, method) => $"{service.FullName}/{method.Name}");

    private static IEnumerable<FileDescriptor> Files(Assembly assembly) => assembly.GetTypes()
        .Select(type => type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static))
        .Where(property => property?.PropertyType == typeof(FileDescriptor))
        .Select(property => (FileDescriptor)property!.GetValue(null)!);
}
