namespace Appliance.Contract.Tests.Calls;

/// <summary>The methods of the contract that still answer UNIMPLEMENTED. Whoever implements one takes it out; nothing is ever added.</summary>
/// <remarks>It is here and not in the product, which needs no such list: a method that isn't overridden answers so by itself.</remarks>
internal static class Unimplemented
{
    public static IReadOnlySet<string> Methods { get; } = new HashSet<string>(
    [
        .. Of("appliance.inference.v1.InferenceService", "StartTraining", "GetTraining", "WatchTraining"),
        .. Of("appliance.alerts.v1.AlertService", "ListSuppressions", "CreateSuppression", "DeleteSuppression", "GiveFeedback"),
        .. Of("appliance.history.v1.HistoryService", "QueryFlows", "GetTopTalkers", "GetTimeSeries", "ExportFlows", "EstimateImpact"),
    ],
        StringComparer.Ordinal);

    private static IEnumerable<string> Of(string service, params string[] methods) => methods.Select(method => $"{service}/{method}");
}
