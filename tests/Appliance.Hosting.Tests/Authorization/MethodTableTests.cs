using Appliance.Hosting.Authorization;
using Appliance.Hosting.Identity;

namespace Appliance.Hosting.Tests.Authorization;

public sealed class MethodTableTests
{
    private static readonly PeerKind[] People = [PeerKind.Admin, PeerKind.Operator, PeerKind.Reader, PeerKind.Subscriber];

    [Theory]
    [InlineData("appliance.traffic.v1.TrafficService/WatchFlows", "reader operator admin detector logger")]
    [InlineData("appliance.traffic.v1.TrafficService/WatchTraffic", "reader operator admin logger")]
    [InlineData("appliance.traffic.v1.TrafficService/ListFlows", "reader operator admin")]
    [InlineData("appliance.rules.v1.RuleService/WatchRules", "reader operator admin logger")]
    [InlineData("appliance.rules.v1.RuleService/CreateBlock", "operator admin")]
    [InlineData("appliance.rules.v1.RuleService/DeleteBlock", "operator admin")]
    [InlineData("appliance.rules.v1.RuleService/ListProtectedAddresses", "reader operator admin")]
    [InlineData("appliance.rules.v1.RuleService/CreateProtectedAddress", "admin")]
    [InlineData("appliance.rules.v1.RuleService/DeleteProtectedAddress", "admin")]
    [InlineData("appliance.alerts.v1.AlertService/WatchAlerts", "reader operator admin router logger")]
    [InlineData("appliance.alerts.v1.AlertService/AcknowledgeAlert", "operator admin")]
    [InlineData("appliance.history.v1.HistoryService/ListAlerts", "reader operator admin")]
    [InlineData("appliance.bmc.v1.BmcService/ListSlots", "reader operator admin")]
    [InlineData("appliance.bmc.v1.BmcService/PowerOffSlot", "operator admin")]
    [InlineData("appliance.node.v1.NodeService/GetNode", "reader operator admin bmc")]
    [InlineData("appliance.node.v1.NodeService/WatchHealth", "reader operator admin logger bmc")]
    [InlineData("appliance.node.v1.NodeService/WatchEvents", "reader operator admin logger")]
    [InlineData("appliance.node.v1.NodeService/RebootNode", "operator admin bmc")]
    [InlineData("appliance.node.v1.NodeService/ShutdownNode", "admin bmc")]
    [InlineData("appliance.node.v1.NodeService/InstallUpdate", "admin")]
    [InlineData("appliance.site.v1.SessionService/SignIn", "logger")]
    [InlineData("appliance.site.v1.EnrollmentService/ApproveRequest", "admin")]
    [InlineData("appliance.site.v1.EnrollmentService/RenewCertificate", "logger detector bmc")]
    [InlineData("appliance.site.v1.EnrollmentService/RenewNodeFile", "admin bmc")]
    [InlineData("appliance.site.v1.EnrollmentService/WatchRevocations", "reader operator admin logger detector bmc")]
    [InlineData("appliance.devices.v1.DeviceService/WatchDevices", "reader operator admin detector logger")]
    [InlineData("appliance.bmc.v1.BmcService/WatchConsole", "operator admin")]
    [InlineData("appliance.bmc.v1.BmcService/WriteConsole", "admin")]
    [InlineData("inference.GRPCInferenceService/ModelInfer", "reader operator admin")]
    [InlineData("grpc.health.v1.Health/Watch", "reader operator admin router logger detector bmc")]
    [InlineData("grpc.reflection.v1.ServerReflection/ServerReflectionInfo", "reader operator admin router logger detector bmc")]
    public void Method_is_open_to_these_and_no_others(string method, string callers)
    {
        var allowed = Everyone().Where(peer => MethodTable.Allows(method, peer)).Select(Word);

        Assert.Equal(callers.Split(' ').Order(), allowed.Order());
    }

    [Fact]
    public void Subscriber_may_call_nothing()
    {
        var subscriber = PeerIdentity.OfPerson("home", PeerKind.Subscriber, "sam");

        Assert.DoesNotContain(MethodTable.Methods, method => MethodTable.Allows(method, subscriber));
    }

    [Fact]
    public void Each_kind_of_person_may_what_the_lesser_one_may()
    {
        var reader = Allowed(PeerKind.Reader);
        var operators = Allowed(PeerKind.Operator);
        var admin = Allowed(PeerKind.Admin);

        Assert.ProperSubset(operators, reader);
        Assert.ProperSubset(admin, operators);
        // What no certificate of a person opens: the Logger's sign-in, a node's next certificate, and the way in for those who have none.
        Assert.Equal(
            ["appliance.site.v1.EnrollmentService/RenewCertificate", "appliance.site.v1.EnrollmentService/RequestCertificate", "appliance.site.v1.SessionService/SignIn"],
            MethodTable.Methods.Except(admin).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void One_method_is_for_those_without_a_certificate_and_for_nobody_else()
    {
        var method = Assert.Single(MethodTable.Methods, MethodTable.IsWithoutCertificate);

        Assert.Equal("appliance.site.v1.EnrollmentService/RequestCertificate", method);
        Assert.DoesNotContain(Everyone(), peer => MethodTable.Allows(method, peer));
        Assert.Equal("the enrollment port, where no certificate is asked for", MethodTable.Needs(method));
    }

    [Fact]
    public void Method_that_is_not_listed_is_open_to_nobody()
    {
        Assert.DoesNotContain(Everyone(), peer => MethodTable.Allows("appliance.rules.v1.RuleService/DropEverything", peer));
    }

    [Fact]
    public void Refused_caller_is_told_what_it_takes()
    {
        Assert.Equal("operator or above", MethodTable.Needs("appliance.rules.v1.RuleService/CreateBlock"));
        Assert.Equal("reader or above or a detector node or a logger node", MethodTable.Needs("appliance.traffic.v1.TrafficService/WatchFlows"));
        Assert.Equal("an admin", MethodTable.Needs("appliance.rules.v1.RuleService/DeleteProtectedAddress"));
    }

    private static HashSet<string> Allowed(PeerKind kind) =>
        [.. MethodTable.Methods.Where(method => MethodTable.Allows(method, PeerIdentity.OfPerson("home", kind, "alice")))];

    private static IEnumerable<PeerIdentity> Everyone() => People
        .Select(kind => PeerIdentity.OfPerson("home", kind, "alice"))
        .Concat(Enum.GetValues<Role>().Select(role => PeerIdentity.OfNode("home", "node1", role)));

    private static string Word(PeerIdentity peer) => peer.Role?.Word() ?? PeerIdentity.KindWord(peer.Kind);
}
