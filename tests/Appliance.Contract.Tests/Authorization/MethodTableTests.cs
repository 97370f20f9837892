using Appliance.Contract.Tests.Calls;
using Appliance.Hosting.Authorization;

namespace Appliance.Contract.Tests.Authorization;

public sealed class MethodTableTests
{
    // A method that begins with another word is a change until it is proved harmless here.
    private static readonly string[] Readings =
        ["Check", "Watch", "List", "Get", "Query", "Export", "Estimate", "Explain", "Score", "Server", "Model"];

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

    [Fact]
    public void Every_method_is_marked_as_a_change_unless_its_name_says_that_it_reads()
    {
        var expected = ContractMethods.All.Where(method => !Readings.Any(word => method.Name.StartsWith(word, StringComparison.Ordinal))).Select(ContractMethods.NameOf);

        Assert.Equal(expected.Order(), Contract().Where(MethodTable.Changes).Order());
    }

    private static IEnumerable<string> Contract() => ContractMethods.All.Select(ContractMethods.NameOf);
}
