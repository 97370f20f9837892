namespace Appliance.Logger.Alerts;

/// <summary>A place in the list of alerts: right after this one.</summary>
public sealed record AlertCursor(DateTimeOffset Time, string Id)
{
    public static AlertCursor After(StoredAlert alert) => new(alert.Time, alert.Id);
}
