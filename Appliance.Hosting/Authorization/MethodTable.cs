using Appliance.Hosting.Identity;
using static Appliance.Hosting.Identity.PeerKind;
using static Appliance.Hosting.Role;

namespace Appliance.Hosting.Authorization;

/// <summary>The one authorization table. A method that is not here is refused, whoever calls.</summary>
public static class MethodTable
{
    private static readonly Role[] NoNode = [];
    private static readonly Role[] AnyNode = [Router, Logger, Detector, Bmc];

    // Service, least kind of person, nodes, methods. Nodes get what their stage pulls and no more.
    private static readonly IReadOnlyDictionary<string, Access> Rows = Index(
    [
        ("grpc.health.v1.Health", Reader, AnyNode, ["Check", "Watch"]),
        ("grpc.reflection.v1.ServerReflection", Reader, AnyNode, ["ServerReflectionInfo"]),
        ("grpc.reflection.v1alpha.ServerReflection", Reader, AnyNode, ["ServerReflectionInfo"]),

        ("appliance.node.v1.NodeService", Reader, [Bmc], ["GetNode"]),
        ("appliance.node.v1.NodeService", Reader, [Logger, Bmc], ["WatchHealth"]),

        ("appliance.traffic.v1.TrafficService", Reader, NoNode, ["ListFlows", "GetTrafficSummary"]),
        ("appliance.traffic.v1.TrafficService", Reader, [Detector, Logger], ["WatchFlows"]),
        ("appliance.traffic.v1.TrafficService", Reader, [Logger], ["WatchTraffic"]),

        ("appliance.rules.v1.RuleService", Reader, NoNode, ["ListRules", "ListBlocks", "ListProtectedAddresses"]),
        ("appliance.rules.v1.RuleService", Reader, [Logger], ["WatchRules"]),
        ("appliance.rules.v1.RuleService", Operator, NoNode, ["CreateBlock", "DeleteBlock"]),
        ("appliance.rules.v1.RuleService", Admin, NoNode, ["CreateProtectedAddress", "DeleteProtectedAddress"]),

        ("appliance.alerts.v1.AlertService", Reader, [Router, Logger], ["WatchAlerts"]),
        ("appliance.alerts.v1.AlertService", Operator, NoNode, ["AcknowledgeAlert"]),

        ("appliance.history.v1.HistoryService", Reader, NoNode, ["ListAlerts", "GetAlert"]),

        ("appliance.bmc.v1.BmcService", Reader, NoNode, ["GetBoard", "ListSlots", "GetSlot"]),
        ("appliance.bmc.v1.BmcService", Reader, [Logger], ["WatchHealth"]),
        ("appliance.bmc.v1.BmcService", Operator, NoNode, ["PowerOnSlot", "PowerOffSlot", "RestartSlot", "CycleSlot"]),
    ]);

    /// <summary>Full names of all listed methods, <c>package.Service/Method</c>.</summary>
    public static IEnumerable<string> Methods => Rows.Keys;

    /// <summary>True where the table lists the method, whoever may call it.</summary>
    public static bool Lists(string method) => Rows.ContainsKey(method);

    public static bool Allows(string method, PeerIdentity peer) => Rows.TryGetValue(method, out var access) && access.Allows(peer);

    /// <summary>In words, what the method takes, for example "operator or above".</summary>
    public static string Needs(string method) => Rows.TryGetValue(method, out var access) ? access.Words : "nothing that exists";

    private static Dictionary<string, Access> Index(IEnumerable<(string Service, PeerKind Least, Role[] Nodes, string[] Methods)> rows) => rows
        .SelectMany(row => row.Methods.Select(method => (Name: $"{row.Service}/{method}", Access: new Access(row.Least, row.Nodes))))
        .ToDictionary(row => row.Name, row => row.Access, StringComparer.Ordinal);
}
