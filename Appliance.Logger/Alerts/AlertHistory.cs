using Appliance.Hosting.Errors;

namespace Appliance.Logger.Alerts;

/// <summary>Pages through the store.</summary>
internal sealed class AlertHistory(AlertStore store)
{
    /// <summary>One page, and where the next begins; null when this is the last.</summary>
    public (IReadOnlyList<StoredAlert> Alerts, AlertCursor? Next) List(AlertQuery query)
    {
        var alerts = store.List(query);
        return (alerts, alerts.Count == query.Limit ? AlertCursor.After(alerts[^1]) : null);
    }

    public StoredAlert Get(string id) => store.Find(id) ?? throw new NotFoundException("alert", id);
}
