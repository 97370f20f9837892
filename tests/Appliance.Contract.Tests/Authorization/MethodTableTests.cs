using Appliance.Contract.Tests.Calls;
using Appliance.Hosting.Authorization;

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

    private static IEnumerable<string> Contract() => ContractMethods.All.Select(ContractMethods.NameOf);
}
