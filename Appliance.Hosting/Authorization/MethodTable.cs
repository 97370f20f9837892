using Appliance.Hosting.Identity;
using static Appliance.Hosting.Identity.PeerKind;
using static Appliance.Hosting.Role;

namespace Appliance.Hosting.Authorization;

/// <summary>The one authorization table. A method that is not here is refused, whoever calls.</summary>
public static class MethodTable
{
    private static readonly Role[] NoNode = [];
    private static readonly Role[] AnyNode = [Router, Logger, Detector, Bmc];

    // What takes more than a reader's right changes something, so that a new method is audited unless it is named here.
    private static readonly string[] OnlyWatches = ["appliance.bmc.v1.BmcService/WatchConsole"];
    private static readonly string[] ReaderChanges = ["appliance.site.v1.SessionService/SignOut"];

    // Service, least kind of person, nodes, methods. Nodes get what their stage pulls and no more.
    private static readonly IReadOnlyDictionary<string, Access> Rows = Index(
    [
        ("grpc.health.v1.Health", Reader, AnyNode, ["Check", "Watch"]),
        ("grpc.reflection.v1.ServerReflection", Reader, AnyNode, ["ServerReflectionInfo"]),
        ("grpc.reflection.v1alpha.ServerReflection", Reader, AnyNode, ["ServerReflectionInfo"]),

        ("appliance.node.v1.NodeService", Reader, [Bmc], ["GetNode"]),
        ("appliance.node.v1.NodeService", Reader, [Logger, Bmc], ["WatchHealth"]),
        ("appliance.node.v1.NodeService", Reader, [Logger], ["WatchEvents"]),
        ("appliance.node.v1.NodeService", Operator, [Bmc], ["RestartRole", "RebootNode"]),
        ("appliance.node.v1.NodeService", Admin, [Bmc], ["ShutdownNode"]),
        ("appliance.node.v1.NodeService", Admin, NoNode, ["RotateCertificate", "InstallUpdate", "ActivateUpdate"]),

        ("appliance.metrics.v1.MetricsService", Reader, NoNode, ["ListMetrics", "WatchMetrics"]),

        ("appliance.traffic.v1.TrafficService", Reader, NoNode, ["ListFlows", "GetTrafficSummary", "ListConnections"]),
        ("appliance.traffic.v1.TrafficService", Reader, [Detector, Logger], ["WatchFlows"]),
        ("appliance.traffic.v1.TrafficService", Reader, [Logger], ["WatchTraffic"]),
        ("appliance.traffic.v1.TrafficService", Operator, NoNode, ["DeleteConnection"]),

        ("appliance.rules.v1.RuleService", Reader, NoNode, ["ListRules", "GetRule", "ListRulesets", "ExportRuleset", "ListBlocks", "ListFeeds", "ListProtectedAddresses"]),
        ("appliance.rules.v1.RuleService", Reader, [Logger], ["WatchRules"]),
        ("appliance.rules.v1.RuleService", Operator, NoNode, ["CreateRule", "UpdateRule", "DeleteRule", "ApplyRuleset", "ConfirmRuleset", "RollbackRuleset", "ImportRuleset"]),
        ("appliance.rules.v1.RuleService", Operator, NoNode, ["CreateBlock", "DeleteBlock", "CreateFeed", "UpdateFeed", "DeleteFeed"]),
        ("appliance.rules.v1.RuleService", Admin, NoNode, ["CreateProtectedAddress", "DeleteProtectedAddress"]),

        ("appliance.devices.v1.DeviceService", Reader, NoNode, ["ListDevices", "GetDevice"]),
        ("appliance.devices.v1.DeviceService", Reader, [Detector, Logger], ["WatchDevices"]),
        ("appliance.devices.v1.DeviceService", Operator, NoNode, ["UpdateDevice"]),

        // SignIn takes a person's password from the Logger; a person with a certificate needs no session.
        ("appliance.site.v1.SessionService", null, [Logger], ["SignIn"]),
        ("appliance.site.v1.SessionService", Reader, NoNode, ["SignOut", "ListSessions"]),
        ("appliance.site.v1.AccountService", Reader, NoNode, ["ListAccounts"]),
        ("appliance.site.v1.AccountService", Admin, NoNode, ["CreateAccount", "UpdateAccount", "DeleteAccount"]),
        ("appliance.site.v1.EnrollmentService", Reader, NoNode, ["ListRequests", "ListRevocations"]),
        ("appliance.site.v1.EnrollmentService", Reader, [Logger, Detector, Bmc], ["WatchRevocations"]),
        ("appliance.site.v1.EnrollmentService", Admin, NoNode, ["ApproveRequest", "RefuseRequest", "RevokeCertificate"]),
        // A flash needs it; what it gives is worth nothing without an approval.
        ("appliance.site.v1.EnrollmentService", Admin, [Bmc], ["RenewNodeFile"]),
        // A node's own certificate alone; the router renews its own by itself.
        ("appliance.site.v1.EnrollmentService", null, [Logger, Detector, Bmc], ["RenewCertificate"]),

        ("appliance.inference.v1.InferenceService", Reader, NoNode, ["ScoreWindows", "ExplainWindow", "ListModels", "GetModel", "GetTraining", "WatchTraining"]),
        ("appliance.inference.v1.InferenceService", Admin, NoNode, ["UploadModel", "ActivateModel", "StartTraining"]),
        ("inference.GRPCInferenceService", Reader, NoNode, ["ServerLive", "ServerReady", "ServerMetadata", "ModelReady", "ModelMetadata", "ModelInfer"]),

        ("appliance.alerts.v1.AlertService", Reader, [Router, Logger], ["WatchAlerts"]),
        ("appliance.alerts.v1.AlertService", Reader, NoNode, ["ListSuppressions"]),
        ("appliance.alerts.v1.AlertService", Operator, NoNode, ["AcknowledgeAlert", "CreateSuppression", "DeleteSuppression", "GiveFeedback"]),

        ("appliance.history.v1.HistoryService", Reader, NoNode, ["ListAlerts", "GetAlert", "QueryFlows", "GetTopTalkers", "GetTimeSeries"]),
        ("appliance.history.v1.HistoryService", Reader, NoNode, ["ExportFlows", "EstimateImpact", "ListAuditEvents"]),

        ("appliance.bmc.v1.BmcService", Reader, NoNode, ["GetBoard", "ListSlots", "GetSlot", "ListImages", "GetFlash", "WatchFlash", "GetRecoveryPolicy"]),
        ("appliance.bmc.v1.BmcService", Reader, [Logger], ["WatchHealth"]),
        ("appliance.bmc.v1.BmcService", Operator, NoNode, ["PowerOnSlot", "PowerOffSlot", "RestartSlot", "CycleSlot", "BringUpSlots", "ShutDownSlots", "SetFan", "WatchConsole", "ReleaseSlot"]),
        // SelectUsb can put a slot into flash mode, so it takes what flashing takes.
        ("appliance.bmc.v1.BmcService", Admin, NoNode, ["WriteConsole", "SelectUsb", "UploadImage", "DeleteImage", "StartFlash", "CancelFlash", "UpdateRecoveryPolicy"]),
    ]);

    /// <summary>Full names of all listed methods, <c>package.Service/Method</c>.</summary>
    public static IEnumerable<string> Methods => Rows.Keys;

    /// <summary>True where the table lists the method, whoever may call it.</summary>
    public static bool Lists(string method) => Rows.ContainsKey(method);

    public static bool Allows(string method, PeerIdentity peer) => Rows.TryGetValue(method, out var access) && access.Allows(peer);

    /// <summary>True where the method changes something, so that each call of it enters the audit log.</summary>
    public static bool Changes(string method) => Rows.TryGetValue(method, out var access)
        && (access.Least != Reader || ReaderChanges.Contains(method))
        && !OnlyWatches.Contains(method);

    /// <summary>True for the one method that is for callers without a certificate, and for them alone.</summary>
    public static bool IsWithoutCertificate(string method) => Rows.TryGetValue(method, out var access) && ReferenceEquals(access, Access.WithoutCertificate);

    /// <summary>In words, what the method takes, for example "operator or above".</summary>
    public static string Needs(string method) => Rows.TryGetValue(method, out var access) ? access.Words : "nothing that exists";

    private static Dictionary<string, Access> Index(IEnumerable<(string Service, PeerKind? Least, Role[] Nodes, string[] Methods)> rows) => rows
        .SelectMany(row => row.Methods.Select(method => (Name: $"{row.Service}/{method}", Access: new Access(row.Least, row.Nodes))))
        .Append((Name: "appliance.site.v1.EnrollmentService/RequestCertificate", Access: Access.WithoutCertificate))
        .ToDictionary(row => row.Name, row => row.Access, StringComparer.Ordinal);
}
